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
 * @param status empty until it has chosen its tokens, {@link #BOOT}, {@link #NORMAL}, or {@link
 *     #REPLACED}
 */
record EndpointState(
    String address,
    String pod,
    String hostId,
    int tokens,
    long generation,
    long version,
    String status) {

  /** Before it takes part in gossip. */
  static final String SHADOW = "SHADOW";

  /** It gets the data of the tokens that it will own. */
  static final String BOOT = "BOOT";

  /** It owns tokens. */
  static final String NORMAL = "NORMAL";

  /** Another address has its host id now; it is no member of the ring any more. */
  static final String REPLACED = "REPLACED";

  boolean newerThan(EndpointState other) {
    return generation > other.generation
        || (generation == other.generation && version > other.version);
  }

  boolean normal() {
    return status.equals(NORMAL);
  }

  /** Whether nodetool lists it. */
  boolean inRing() {
    return normal() || status.equals(BOOT);
  }

  EndpointState replaced() {
    return new EndpointState(address, pod, hostId, tokens, generation, version, REPLACED);
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
