package dev.sidecarsim.ztunnel;

import dev.sidecarsim.net.Endpoint;

/** Where a connection of the pod goes. */
sealed interface Destination {

  /**
   * As it is, in plaintext.
   *
   * @param whom in words
   */
  record Plain(Endpoint to, String whom) implements Destination {}

  /**
   * Through a tunnel to the peer's ztunnel.
   *
   * @param target what the peer is asked to connect to
   */
  record Tunnel(Endpoint target, ZtunnelConfig.Workload peer) implements Destination {

    /** Where the peer's ztunnel listens. */
    Endpoint gateway() {
      return new Endpoint(target.address(), Ztunnel.TUNNEL_PORT);
    }
  }

  /** Nowhere. */
  record Nobody(String why) implements Destination {}

  /** By way of something that is not modelled. */
  record Unmodelled(String what) implements Destination {}
}
