package dev.sidecarsim.app.zookeeper;

import java.util.Arrays;
import java.util.Optional;

/** What a server does. */
enum PeerState {
  LOOKING(0, "unknown"),
  FOLLOWING(1, "follower"),
  LEADING(2, "leader"),
  OBSERVING(3, "observer");

  private final int wire;
  private final String mode;

  PeerState(int wire, String mode) {
    this.wire = wire;
    this.mode = mode;
  }

  static Optional<PeerState> of(int wire) {
    return Arrays.stream(values()).filter(state -> state.wire == wire).findFirst();
  }

  /** The number that notifications carry. */
  int wire() {
    return wire;
  }

  /** The word after {@code Mode:} in the answer to srvr. */
  String mode() {
    return mode;
  }
}
