package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.Packet;
import org.jspecify.annotations.Nullable;

/**
 * {@code -m socket}: whether a socket of this host takes the packet, or sent what an ICMP error is
 * about.
 *
 * @param noWildcard whether sockets on all addresses count, too: the option's name says what is not
 *     ignored
 */
record SocketMatch(boolean noWildcard, String options) implements Match {

  private static final ImmutableSet<Hook> HOOKS = ImmutableSet.of(Hook.PREROUTING, Hook.INPUT);

  static final Extension<Match> EXTENSION =
      Extension.of(
          "socket",
          SocketMatch::of,
          OptionSpec.flag("--transparent"),
          OptionSpec.flag("--nowildcard"),
          OptionSpec.flag("--restore-skmark"));

  static Match of(Options options) {
    if (options.has("--transparent") || options.has("--restore-skmark")) {
      return new UnknownMatch("socket", options.save(), "this option is not modelled", HOOKS);
    }
    boolean noWildcard = options.has("--nowildcard");
    return new SocketMatch(noWildcard, noWildcard ? " --nowildcard" : "");
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    Packet packet = forSocket(skb.packet);
    return packet != null
        && netfilter
            .host()
            .hasSocketFor(
                beforeTranslation(packet, skb),
                noWildcard ? HostView.Sockets.ALL : HostView.Sockets.BOUND);
  }

  /** The packet, or an answer to that which an error quotes; null if no socket is looked for. */
  private static @Nullable Packet forSocket(Packet packet) {
    Packet.Icmp icmp = packet.icmp();
    if (icmp == null) {
      return hasSockets(packet) ? packet : null;
    }
    Packet quoted = packet.isIcmpError() ? icmp.quoted() : null;
    return quoted == null || !hasSockets(quoted)
        ? null
        : quoted
            .withSource(quoted.dst(), quoted.dport())
            .withDestination(quoted.src(), quoted.sport());
  }

  private static boolean hasSockets(Packet packet) {
    return packet.protocol().number() == 6 || packet.protocol().number() == 17;
  }

  /** {@code nf_sk_lookup_slow_v4()}: an answer is for the socket whose source was translated. */
  private static Packet beforeTranslation(Packet packet, Skb skb) {
    Connection connection = skb.connection;
    CtState answering = skb.packet.icmp() == null ? CtState.ESTABLISHED : CtState.RELATED;
    return connection != null
            && skb.reply
            && skb.ctState == answering
            && packet.src().v4()
            && Nat.isBound(connection, true)
        ? packet.withDestination(connection.original().src(), connection.original().sport())
        : packet;
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return HOOKS.contains(hook);
  }

  @Override
  public String save() {
    return "-m socket" + options;
  }
}
