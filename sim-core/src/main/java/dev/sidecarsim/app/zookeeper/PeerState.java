package dev.sidecarsim.app.zookeeper;

import java.util.Optional;

/** What a server does; the position is the number that notifications carry. */
enum PeerState {
  LOOKING,
  FOLLOWING,
  LEADING,
  OBSERVING;

  static Optional<PeerState> of(int wire) {
    return wire >= 0 && wire < values().length ? Optional.of(values()[wire]) : Optional.empty();
  }

  int wire() {
    return ordinal();
  }

  /** The word after {@code Mode:} in the answer to srvr. */
  String mode() {
    return switch (this) {
      case LOOKING -> "unknown";
      case FOLLOWING -> "follower";
      case LEADING -> "leader";
      case OBSERVING -> "observer";
    };
  }
}
