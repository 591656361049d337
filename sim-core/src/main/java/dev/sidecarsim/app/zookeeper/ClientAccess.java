package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableSet;

/**
 * Where clients call, and what they may.
 *
 * @param host {@code clientPortAddress}
 * @param port {@code clientPort}; 0 if there is none
 * @param maxPerAddress {@code maxClientCnxns}: connections from one address; any number if not
 *     above 0
 * @param maxInAll {@code maxCnxns}, from 3.6 on: connections of all clients; any number if not
 *     above 0
 * @param words {@code 4lw.commands.whitelist}; {@code *} for all
 */
public record ClientAccess(
    String host, int port, int maxPerAddress, int maxInAll, ImmutableSet<String> words) {

  /** As a zoo.cfg has it that says no more than {@code clientPort=2181}. */
  static final ClientAccess DEFAULT = new ClientAccess("0.0.0.0", 2181, 60, 0, ImmutableSet.of());

  public ClientAccess {
    Refusal.checkPort("clientPort", port);
  }

  /** Another place to call. */
  public ClientAccess at(String newHost, int newPort) {
    return new ClientAccess(newHost, newPort, maxPerAddress, maxInAll, words);
  }

  /** Other limits; 0 for any number. */
  public ClientAccess limitedTo(int perAddress, int inAll) {
    return new ClientAccess(host, port, perAddress, inAll, words);
  }

  ClientAccess withWords(ImmutableSet<String> allowed) {
    return new ClientAccess(host, port, maxPerAddress, maxInAll, allowed);
  }

  boolean listens() {
    return port != 0;
  }
}
