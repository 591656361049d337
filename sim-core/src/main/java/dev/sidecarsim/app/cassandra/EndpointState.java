package dev.sidecarsim.app.cassandra;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * What gossip tells of one node.
 *
 * @param address its broadcast address, by which all know it
 * @param pod not of Cassandra: for reports only
 * @param generation when its process started, in seconds
 * @param version grows with each heartbeat
 * @param status BOOT while it joins, NORMAL once it owns tokens
 */
record EndpointState(String address, String pod, long generation, long version, String status) {

  boolean newerThan(EndpointState other) {
    return generation > other.generation
        || (generation == other.generation && version > other.version);
  }

  String encode() {
    return String.join(
        "|", address, pod, Long.toString(generation), Long.toString(version), status);
  }

  static EndpointState decode(String text) {
    List<String> parts = Splitter.on('|').splitToList(text);
    return new EndpointState(
        parts.get(0),
        parts.get(1),
        Long.parseLong(parts.get(2)),
        Long.parseLong(parts.get(3)),
        parts.get(4));
  }
}
