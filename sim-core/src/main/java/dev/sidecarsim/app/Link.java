package dev.sidecarsim.app;

import dev.sidecarsim.net.IpAddress;

/**
 * A connection between two members that the accepting one holds.
 *
 * @param from the pod of the member that says it is at the other end
 * @param to the pod that accepted
 * @param port the port it accepted on
 * @param openedBy the pod that dialled
 * @param peerSeen the address that the acceptor saw, as getpeername gives it
 * @param state the acceptor's socket, as netstat names it
 */
public record Link(
    String from, String to, int port, String openedBy, IpAddress peerSeen, String state) {

  /** A connection that the dialler has said its pod's name on. */
  public static Link accepted(String from, String to, int port, Channel<?> channel) {
    return new Link(from, to, port, from, channel.remote().address(), channel.state());
  }
}
