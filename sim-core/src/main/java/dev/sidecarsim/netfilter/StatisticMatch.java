package dev.sidecarsim.netfilter;

import java.util.Locale;
import java.util.OptionalDouble;

/** {@code -m statistic}: every n-th packet, or a share of them drawn from the run's seed. */
final class StatisticMatch implements Match {

  /** The kernel compares 31 random bits with the probability times this. */
  private static final double SCALE = 0x8000_0000L;

  static final Extension<Match> EXTENSION =
      Extension.of(
          "statistic",
          StatisticMatch::of,
          OptionSpec.value("--mode"),
          OptionSpec.match("--probability"),
          OptionSpec.match("--every"),
          OptionSpec.value("--packet"));

  private final boolean not;
  private final boolean nth;
  private final long value;
  private final long first;
  private long count;

  private StatisticMatch(boolean not, boolean nth, long value, long first) {
    this.not = not;
    this.nth = nth;
    this.value = value;
    this.first = first;
    // libxt_statistic.c starts so that the first hit is packet number --packet, counted from 0
    this.count = value - 1 - first;
  }

  static Match of(Options options) {
    String mode = options.need("--mode").word();
    return switch (mode) {
      case "random" -> random(options);
      case "nth" -> nth(options);
      default -> throw new BadRule("statistic: --mode is random or nth, not \"" + mode + "\"");
    };
  }

  private static Match random(Options options) {
    if (options.has("--every") || options.has("--packet")) {
      throw new BadRule("statistic: --every and --packet belong to --mode nth");
    }
    Options.Value share = options.need("--probability");
    OptionalDouble read = CDouble.parse(share.word());
    double probability = read.orElse(-1);
    if (probability < 0 || probability > 1) {
      throw new BadRule("statistic: --probability is 0 to 1, not \"" + share.word() + "\"");
    }
    // what is not a number is neither too small nor too large for the tool, and 0 for the kernel
    return new StatisticMatch(share.not(), false, (long) Math.rint(SCALE * probability), 0);
  }

  private static Match nth(Options options) {
    if (options.has("--probability")) {
      throw new BadRule("statistic: --probability belongs to --mode random");
    }
    Options.Value every = options.need("--every");
    long n = Numbers.parse("statistic", "--every", every.word(), 1, Numbers.U32);
    options.need("--packet");
    long packet = options.number("--packet", 0, 0, Numbers.U32);
    if (packet >= n) {
      throw new BadRule("statistic: --packet " + packet + " must be less than --every " + n);
    }
    return new StatisticMatch(every.not(), true, n, packet);
  }

  @Override
  public Match fresh() {
    return new StatisticMatch(not, nth, value, first);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    if (nth) {
      // statistic_mt(): the count wraps behind N - 1, and its zero is the hit
      count = count == value - 1 ? 0 : count + 1;
      return (count == 0) != not;
    }
    return (netfilter.random().nextInt() & 0x7fff_ffffL) < value != not;
  }

  @Override
  public String save() {
    if (nth) {
      return "-m statistic --mode nth "
          + Match.not(not)
          + "--every "
          + value
          + " --packet "
          + first;
    }
    return String.format(
        Locale.ROOT,
        "-m statistic --mode random %s--probability %.11f",
        Match.not(not),
        value / SCALE);
  }
}
