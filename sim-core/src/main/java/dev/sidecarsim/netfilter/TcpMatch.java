package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Packet;
import java.util.Locale;

/**
 * {@code -m tcp}: ports and flags.
 *
 * @param mask the flags looked at
 * @param set of these, the flags that must be set
 */
record TcpMatch(PortCondition sport, PortCondition dport, int mask, int set, boolean notFlags)
    implements Match {

  private static final ImmutableList<String> NAMES =
      ImmutableList.of("FIN", "SYN", "RST", "PSH", "ACK", "URG");
  private static final ImmutableMap<String, Integer> BITS =
      ImmutableMap.<String, Integer>builder()
          .put("FIN", 1)
          .put("SYN", 2)
          .put("RST", 4)
          .put("PSH", 8)
          .put("ACK", 16)
          .put("URG", 32)
          .put("ALL", 63)
          .put("NONE", 0)
          .buildOrThrow();

  /** SYN set; FIN, RST and ACK not. */
  private static final int SYN_MASK = 1 | 2 | 4 | 16;

  static final Extension<Match> EXTENSION =
      Extension.of(
          "tcp",
          TcpMatch::of,
          OptionSpec.match("--sport", "--source-port"),
          OptionSpec.match("--dport", "--destination-port"),
          OptionSpec.match("--tcp-flags").words(2),
          OptionSpec.negatableFlag("--syn"),
          OptionSpec.match("--tcp-option"));

  static Match of(Options options) {
    Options.Value flags = options.get("--tcp-flags");
    Options.Value syn = options.get("--syn");
    if (flags != null && syn != null) {
      throw new BadRule("tcp: only one of --syn and --tcp-flags can be given");
    }
    PortCondition sport = PortCondition.parse(options, "--sport");
    PortCondition dport = PortCondition.parse(options, "--dport");
    TcpMatch match =
        syn != null
            ? new TcpMatch(sport, dport, SYN_MASK, 2, syn.not())
            : flags != null ? flags(sport, dport, flags) : new TcpMatch(sport, dport, 0, 0, false);
    Options.Value option = options.get("--tcp-option");
    return option == null ? match : withOption(match, option);
  }

  private static TcpMatch flags(PortCondition sport, PortCondition dport, Options.Value flags) {
    int mask = bits(flags.words().get(0));
    return new TcpMatch(sport, dport, mask, bits(flags.words().get(1)), flags.not());
  }

  /** TCP options of packets are not modelled. */
  private static Match withOption(TcpMatch match, Options.Value option) {
    long number = Numbers.parse("tcp", "--tcp-option", option.word(), 1, 255);
    String text = match.ports() + " " + Match.not(option.not()) + "--tcp-option " + number;
    return new UnknownMatch(
        "tcp", text + match.flags(), "TCP options are not modelled", Unmodelled.ANYWHERE);
  }

  private static int bits(String names) {
    int bits = 0;
    for (String name : Splitter.on(',').omitEmptyStrings().split(names)) {
      Integer bit = BITS.get(name.toUpperCase(Locale.ROOT));
      if (bit == null) {
        throw new BadRule("unknown TCP flag `" + name + "'; flags are " + BITS.keySet());
      }
      bits |= bit;
    }
    return bits;
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    Packet packet = skb.packet;
    return sport.matches(packet.sport())
        && dport.matches(packet.dport())
        && ((packet.flags().bits() & mask) == set) != notFlags;
  }

  @Override
  public boolean needsProtocol(int number) {
    return number == 6;
  }

  @Override
  public int reads() {
    return KeyWord.SOURCE_PORT.bit() | KeyWord.DESTINATION_PORT.bit() | KeyWord.TCP_FLAGS.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    sport.cut(KeyWord.SOURCE_PORT, cuts);
    dport.cut(KeyWord.DESTINATION_PORT, cuts);
    cuts.where(KeyWord.TCP_FLAGS, flags -> (flags & mask) == set);
  }

  @Override
  public boolean tests(RuleTests tests) {
    boolean all = sport.tests(ChainKey.SOURCE_PORT, tests);
    all &= dport.tests(ChainKey.DESTINATION_PORT, tests);
    if (mask != 0 || notFlags) {
      all &= tests.masked(ChainKey.TCP_FLAGS, notFlags, mask, set);
    }
    return all;
  }

  @Override
  public String save() {
    return "-m tcp" + ports() + flags();
  }

  private String ports() {
    return sport.save("--sport") + dport.save("--dport");
  }

  private String flags() {
    return mask == 0 && !notFlags
        ? ""
        : " " + Match.not(notFlags) + "--tcp-flags " + names(mask) + " " + names(set);
  }

  private static String names(int bits) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < NAMES.size(); i++) {
      if ((bits & 1 << i) != 0) {
        out.append(out.isEmpty() ? "" : ",").append(NAMES.get(i));
      }
    }
    return out.isEmpty() ? "NONE" : out.toString();
  }
}
