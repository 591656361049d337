package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;

/** {@code -j TCPMSS}: changes a TCP option, of which packets here have none. */
record TcpMssTarget(boolean clamp, String text) implements Target {

  static final Extension<Target> EXTENSION =
      Extension.of(
          "TCPMSS",
          TcpMssTarget::of,
          OptionSpec.value("--set-mss"),
          OptionSpec.flag("--clamp-mss-to-pmtu"));

  static Target of(Options options) {
    if (options.names().size() != 1) {
      throw new BadRule("TCPMSS: exactly one of --set-mss and --clamp-mss-to-pmtu must be given");
    }
    long mss = options.number("--set-mss", 0, 0, 65535);
    if (options.context().number() != 6) {
      throw new KernelRefusal("TCPMSS works on TCP SYN packets only: it needs -p tcp and --syn");
    }
    boolean clamp = options.has("--clamp-mss-to-pmtu");
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

  @Override
  public boolean harmless() {
    return true;
  }
}
