package dev.sidecarsim.app.redis;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many messages of each type have gone over a cluster's bus, as CLUSTER INFO counts them. */
final class BusCounts {

  private final Map<BusMessage.Type, Integer> sent = new EnumMap<>(BusMessage.Type.class);
  private final Map<BusMessage.Type, Integer> received = new EnumMap<>(BusMessage.Type.class);

  void sent(BusMessage.Type type) {
    sent.merge(type, 1, Integer::sum);
  }

  void received(BusMessage.Type type) {
    received.merge(type, 1, Integer::sum);
  }

  /** Adds the lines. */
  void print(List<String> lines) {
    print(lines, sent, "sent");
    print(lines, received, "received");
  }

  private static void print(
      List<String> lines, Map<BusMessage.Type, Integer> counts, String direction) {
    counts.forEach(
        (type, count) ->
            lines.add("cluster_stats_messages_%s_%s:%d".formatted(type.word, direction, count)));
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    lines.add("cluster_stats_messages_" + direction + ":" + all);
  }
}
