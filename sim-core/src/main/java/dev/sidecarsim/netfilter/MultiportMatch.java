package dev.sidecarsim.netfilter;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Packet;

/** {@code -m multiport}: up to fifteen ports, a range counting twice. */
record MultiportMatch(String option, boolean not, ImmutableList<PortRange> ports) implements Match {

  /** XT_MULTI_PORTS of the kernel. */
  private static final int SLOTS = 15;

  static final Extension<Match> EXTENSION =
      Extension.of(
          "multiport",
          MultiportMatch::of,
          OptionSpec.match("--sports", "--source-ports"),
          OptionSpec.match("--dports", "--destination-ports"),
          OptionSpec.match("--ports"));

  static Match of(Options options) {
    if (options.names().size() != 1) {
      throw new BadRule("multiport expects one of --sports, --dports and --ports");
    }
    options.needPorts("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'");
    String name = options.names().get(0);
    Options.Value value = options.need(name);
    ImmutableList.Builder<PortRange> ports = ImmutableList.builder();
    int slots = 0;
    for (String part : Splitter.on(',').split(value.word())) {
      PortRange range = range(part, options.context().protocol().toString());
      slots += part.indexOf(':') >= 0 ? 2 : 1;
      ports.add(range);
    }
    if (slots > SLOTS) {
      throw new BadRule("too many ports specified; multiport takes " + SLOTS);
    }
    return new MultiportMatch(name, value.not(), ports.build());
  }

  /** Unlike elsewhere both ends must be named, and differ. */
  private static PortRange range(String text, String protocol) {
    PortRange range = PortRange.parse(text, protocol);
    int colon = text.indexOf(':');
    if (colon == 0 || colon == text.length() - 1 || (colon > 0 && range.min() == range.max())) {
      throw new BadRule("invalid portrange specified: " + text + "; write one like 80:90");
    }
    return range;
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    Packet packet = skb.packet;
    boolean found =
        switch (option) {
          case "--sports" -> contains(packet.sport());
          case "--dports" -> contains(packet.dport());
          default -> contains(packet.sport()) || contains(packet.dport());
        };
    return found != not;
  }

  private boolean contains(int port) {
    for (int i = 0; i < ports.size(); i++) {
      if (ports.get(i).contains(port)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int reads() {
    return KeyWord.SOURCE_PORT.bit() | KeyWord.DESTINATION_PORT.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    for (PortRange range : ports) {
      if (!option.equals("--dports")) {
        cuts.range(KeyWord.SOURCE_PORT, range.min(), range.max());
      }
      if (!option.equals("--sports")) {
        cuts.range(KeyWord.DESTINATION_PORT, range.min(), range.max());
      }
    }
  }

  @Override
  public boolean tests(RuleTests tests) {
    if (option.equals("--ports") || (ports.size() > 1 && !not)) {
      return false;
    }
    int word = option.equals("--sports") ? ChainKey.SOURCE_PORT : ChainKey.DESTINATION_PORT;
    return ports.stream().allMatch(range -> tests.range(word, not, range.min(), range.max()));
  }

  @Override
  public String save() {
    return "-m multiport " + Match.not(not) + option + " " + Joiner.on(',').join(ports);
  }
}
