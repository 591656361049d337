package dev.sidecarsim.app.generic;

import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import dev.sidecarsim.net.IpAddress;

/** Who is told what happens on a port and its links. */
interface PeerEvents {

  /** The own link to a peer counts from now on. */
  void linked(Peers.Self peer, Channel<String> channel);

  /** A peer's link to this member counts from now on. */
  void greeted(Peers.Self peer, Channel<String> channel);

  /** A message other than a greeting has come from a member, on either kind of link. */
  void received(String pod, String message, Channel<String> channel);

  /** The own link to a peer is over. */
  void lost(String pod, End end);

  /** A peer's link to this member is over. */
  void left(String pod, End end);

  /** A dial came to nothing, or what it opened came to an end. */
  void failed(String host, int port, String why);

  /** A caller was turned away. */
  void rejected(IpAddress caller, String why);
}
