package dev.sidecarsim.app.cassandra;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * What gossip tells of one node.
 *
 * @param address its broadcast address, by which all know it
 * @param pod not of Cassandra: for reports only
 * @param hostId kept with its data
 * @param generation when its process started, in seconds
 * @param version grows with each heartbeat
 * @param status BOOT while it joins, NORMAL once it owns tokens
 */
record EndpointState(
    String address,
    String pod,
    String hostId,
    int tokens,
    long generation,
    long version,
    String status) {

  boolean newerThan(EndpointState other) {
    return generation > other.generation
        || (generation == other.generation && version > other.version);
  }

  boolean normal() {
    return status.equals("NORMAL");
  }

  EndpointState at(long otherGeneration, long otherVersion) {
    return new EndpointState(address, pod, hostId, tokens, otherGeneration, otherVersion, status);
  }

  String encode() {
    return String.join(
        "|",
        address,
        pod,
        hostId,
        Integer.toString(tokens),
        Long.toString(generation),
        Long.toString(version),
        status);
  }

  static EndpointState decode(String text) {
    List<String> parts = Splitter.on('|').splitToList(text);
    return new EndpointState(
        parts.get(0),
        parts.get(1),
        parts.get(2),
        Integer.parseInt(parts.get(3)),
        Long.parseLong(parts.get(4)),
        Long.parseLong(parts.get(5)),
        parts.get(6));
  }
}
