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
   * Through a tunnel.
   *
   * @param target what the other end is asked to connect to
   * @param whom in words
   * @param gateway where the tunnel ends
   */
  record Tunnel(Endpoint target, String whom, Endpoint gateway) implements Destination {}

  /** Nowhere. */
  record Nobody(String why) implements Destination {}
}
