package dev.sidecarsim.app.zookeeper;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The lines {@code server.N}, {@code group.G} and {@code weight.N}, wherever they stand. */
record MemberLines(Settings lines) {

  static boolean isOne(String key) {
    return key.startsWith("server.") || key.startsWith("group") || key.startsWith("weight");
  }

  List<QuorumServer> servers() {
    return lines.keys().stream()
        .filter(key -> key.startsWith("server."))
        .map(this::server)
        .toList();
  }

  QuorumServer server(String key) {
    return lines.checked(key, lines.raw(key), value -> ServerLine.parse(id(key), value));
  }

  /** The group of each voter. */
  ImmutableMap<Long, Long> groups() {
    Map<Long, Long> groups = new TreeMap<>();
    for (String key : lines.keys()) {
      if (key.startsWith("group")) {
        long group = id(key);
        for (String sid : Splitter.on(':').split(lines.raw(key))) {
          long voter = lines.checked(key, sid, Settings::longNumber);
          if (groups.put(voter, group) != null) {
            throw Refusal.config(
                "server " + voter + " is in several groups",
                "Server " + voter + "is in multiple groups");
          }
        }
      }
    }
    return ImmutableMap.copyOf(groups);
  }

  ImmutableMap<Long, Long> weights() {
    Map<Long, Long> weights = new TreeMap<>();
    for (String key : lines.keys()) {
      if (key.startsWith("weight")) {
        weights.put(id(key), lines.checked(key, lines.raw(key), Settings::longNumber));
      }
    }
    return ImmutableMap.copyOf(weights);
  }

  private long id(String key) {
    return lines.checked(key, key.substring(key.indexOf('.') + 1), Settings::longNumber);
  }
}
