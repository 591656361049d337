package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code -m conntrack}: what connection tracking knows of the packet's connection. */
record ConntrackMatch(
    @Nullable States state,
    @Nullable Status status,
    @Nullable Direction direction,
    ImmutableList<Part> parts)
    implements Match {

  /** {@code --ctstate}. */
  record States(boolean not, int mask) {}

  /** {@code --ctstatus}. */
  record Status(boolean not, int mask) {}

  /** {@code --ctdir}. */
  record Direction(boolean reply) {}

  /** One condition on the connection's addresses, ports or protocol. */
  record Part(
      String option,
      boolean not,
      @Nullable AddressMask address,
      @Nullable PortRange ports,
      int number,
      String text) {

    boolean matches(Connection connection) {
      Tuple original = connection.original();
      Tuple reply = connection.reply();
      boolean hit =
          switch (option) {
            case "--ctproto" -> original.protocol() == number;
            case "--ctorigsrc" -> covers(original.src());
            case "--ctorigdst" -> covers(original.dst());
            case "--ctreplsrc" -> covers(reply.src());
            case "--ctrepldst" -> covers(reply.dst());
            case "--ctorigsrcport" -> covers(original.sport());
            case "--ctorigdstport" -> covers(original.dport());
            case "--ctreplsrcport" -> covers(reply.sport());
            default -> covers(reply.dport());
          };
      return hit != not;
    }

    private boolean covers(IpAddress candidate) {
      return address != null && address.matches(candidate);
    }

    private boolean covers(int port) {
      return ports != null && ports.contains(port);
    }

    String save() {
      return " " + Match.not(not) + option + " " + text;
    }
  }

  private static final ImmutableList<String> ADDRESSES =
      ImmutableList.of("--ctorigsrc", "--ctorigdst", "--ctreplsrc", "--ctrepldst");
  private static final ImmutableList<String> PORTS =
      ImmutableList.of("--ctorigsrcport", "--ctorigdstport", "--ctreplsrcport", "--ctrepldstport");

  static final Extension<Match> EXTENSION =
      Extension.of(
          "conntrack",
          ConntrackMatch::of,
          OptionSpec.match("--ctstate"),
          OptionSpec.match("--ctproto"),
          OptionSpec.match("--ctorigsrc"),
          OptionSpec.match("--ctorigdst"),
          OptionSpec.match("--ctreplsrc"),
          OptionSpec.match("--ctrepldst"),
          OptionSpec.match("--ctorigsrcport"),
          OptionSpec.match("--ctorigdstport"),
          OptionSpec.match("--ctreplsrcport"),
          OptionSpec.match("--ctrepldstport"),
          OptionSpec.match("--ctstatus"),
          OptionSpec.match("--ctexpire"),
          OptionSpec.value("--ctdir"));

  static Match of(Options options) {
    options.needOne();
    ImmutableList.Builder<Part> parts = ImmutableList.builder();
    protocol(options, parts);
    for (String name : ADDRESSES) {
      Options.Value value = options.get(name);
      if (value != null) {
        Addresses.Host host = Addresses.hostMask(value.word(), options.v6());
        parts.add(new Part(name, value.not(), host.mask(), null, 0, host.toString()));
      }
    }
    for (String name : PORTS) {
      Options.Value value = options.get(name);
      if (value != null) {
        PortRange ports = PortRange.parseAny(value.word());
        // a range whose end is 0 is printed without it
        String text = ports.max() == 0 ? Integer.toString(ports.min()) : ports.toString();
        parts.add(new Part(name, value.not(), null, ports, 0, text));
      }
    }
    ConntrackMatch match =
        new ConntrackMatch(states(options), status(options), direction(options), parts.build());
    Options.Value expire = options.get("--ctexpire");
    return expire == null ? match : withExpiry(match, expire);
  }

  /** When a connection will expire is not modelled. */
  private static Match withExpiry(ConntrackMatch match, Options.Value expire) {
    String range = String.valueOf(Forms.range(Numbers.U32).text(expire.words()));
    String text = match.first() + " " + Match.not(expire.not()) + "--ctexpire " + range;
    return new UnknownMatch(
        "conntrack", text + match.last(), "--ctexpire is not modelled", Unmodelled.ANYWHERE);
  }

  private static void protocol(Options options, ImmutableList.Builder<Part> parts) {
    Options.Value value = options.get("--ctproto");
    if (value == null) {
      return;
    }
    int number = Protocols.parse(value.word()).number();
    parts.add(new Part("--ctproto", value.not(), null, null, number, Integer.toString(number)));
  }

  private static @Nullable States states(Options options) {
    Options.Value value = options.get("--ctstate");
    return value == null ? null : new States(value.not(), CtStates.parse(value.word(), true));
  }

  private static @Nullable Status status(Options options) {
    Options.Value value = options.get("--ctstatus");
    return value == null ? null : new Status(value.not(), Connection.statusBits(value.word()));
  }

  private static @Nullable Direction direction(Options options) {
    Options.Value value = options.get("--ctdir");
    if (value == null) {
      return null;
    }
    return switch (value.word().toUpperCase(Locale.ROOT)) {
      case "ORIGINAL" -> new Direction(false);
      case "REPLY" -> new Direction(true);
      default ->
          throw new BadRule(
              "conntrack: --ctdir is ORIGINAL or REPLY, not \"" + value.word() + "\"");
    };
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    Connection connection = skb.seen();
    if (state != null && ((stateOf(skb) & state.mask) != 0) == state.not) {
      return false;
    }
    if (connection == null) {
      return state != null;
    }
    if (direction != null && direction.reply != skb.reply) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).matches(connection)) {
        return false;
      }
    }
    return status == null || ((connection.status() & status.mask) != 0) != status.not;
  }

  private static int stateOf(Skb skb) {
    int bits = CtStates.bit(skb);
    Connection connection = skb.seen();
    if (connection != null) {
      bits |= connection.has(Connection.SRC_NAT) ? CtStates.SNAT : 0;
      bits |= connection.has(Connection.DST_NAT) ? CtStates.DNAT : 0;
    }
    return bits;
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public int reads() {
    return status == null && direction == null && parts.isEmpty()
        ? KeyWord.CONNECTION_STATE.bit()
        : OPEN;
  }

  @Override
  public void cut(Cuts cuts) {
    int mask = state == null ? 0 : state.mask;
    cuts.where(KeyWord.CONNECTION_STATE, code -> (CtStates.bits(code) & mask) != 0);
  }

  @Override
  public String save() {
    return "-m conntrack" + first() + last();
  }

  private String first() {
    StringBuilder out = new StringBuilder();
    if (state != null) {
      out.append(' ').append(Match.not(state.not)).append("--ctstate ");
      out.append(CtStates.names(state.mask));
    }
    parts.forEach(part -> out.append(part.save()));
    if (status != null) {
      out.append(' ').append(Match.not(status.not)).append("--ctstatus ");
      out.append(Connection.statusNames(status.mask));
    }
    return out.toString();
  }

  private String last() {
    return direction == null ? "" : " --ctdir " + (direction.reply ? "REPLY" : "ORIGINAL");
  }
}
