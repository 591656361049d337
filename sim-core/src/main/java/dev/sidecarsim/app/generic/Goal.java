package dev.sidecarsim.app.generic;

import java.util.OptionalInt;

/**
 * Where a link is to lead.
 *
 * @param pod the member that is expected there; empty if only its answer tells
 * @param host a name, looked up for each dial, or an address
 * @param askAt the port at which to ask first for the host and port to dial; empty to dial at once
 */
record Goal(String pod, String host, int port, OptionalInt askAt) {

  /** Whoever is there. */
  public static Goal at(String host, int port) {
    return new Goal("", host, port, OptionalInt.empty());
  }

  /** A member that is expected there. */
  public Goal expecting(String member) {
    return new Goal(member, host, port, askAt);
  }

  /** With a port that tells the way, as epmd and the bootstrap servers of Kafka do. */
  public Goal askingAt(OptionalInt other) {
    return new Goal(pod, host, port, other);
  }
}
