package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;

/**
 * {@code -j TCPMSS}: changes a TCP option. A segment without options and data gets it; one that has
 * options is taken to have this one, and keeps its length.
 */
record TcpMssTarget(boolean clamp, String text) implements Target {

  /** Kind, length and value (RFC 9293, 3.2). */
  private static final int OPTION_LENGTH = 4;

  static final Extension<Target> EXTENSION =
      Extension.of(
          "TCPMSS",
          TcpMssTarget::of,
          OptionSpec.value("--set-mss"),
          OptionSpec.flag("--clamp-mss-to-pmtu"));

  static Target of(Options options) {
    Forms.needOneOf(options, "--set-mss", "--clamp-mss-to-pmtu");
    // 65,535 less the IP header
    long mss = options.number("--set-mss", 0, 0, options.v6() ? 65_495 : 65_515);
    if (options.context().number() != 6) {
      throw new KernelRefusal("TCPMSS works on TCP SYN packets only: it needs -p tcp and --syn");
    }
    // the last one counts
    boolean clamp = "--clamp-mss-to-pmtu".equals(Iterables.getLast(options.names()));
    return new TcpMssTarget(clamp, clamp ? "--clamp-mss-to-pmtu" : "--set-mss " + mss);
  }

  /** Whether a rule looks for SYN, without which the kernel refuses the target. */
  static boolean asksForSyn(ImmutableList<Match> matches) {
    return matches.stream()
        .anyMatch(
            match -> match instanceof TcpMatch tcp && (tcp.set() & 2) != 0 && !tcp.notFlags());
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    Packet packet = skb.packet;
    boolean tcp = packet.protocol().equals(Protocol.TCP);
    if (tcp && packet.options() == 0 && packet.payload().isEmpty()) {
      skb.packet = packet.withOptions(OPTION_LENGTH);
    }
    return Action.CONTINUE;
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return !clamp || (hook != Hook.PREROUTING && hook != Hook.INPUT);
  }

  @Override
  public String save() {
    return "-j TCPMSS " + text;
  }

  /** A segment's length is all that it changes. */
  @Override
  public boolean harmless() {
    return true;
  }
}
