package dev.sidecarsim.netfilter;

import org.jspecify.annotations.Nullable;

/** {@code -m limit}: so many packets a time, by simulated time. */
final class LimitMatch implements Match {

  /** What the tool takes where none is given (XT_LIMIT_BURST). */
  private static final long DEFAULT_BURST = 5;

  private static final long MAX_BURST = 10_000;

  static final Extension<Match> EXTENSION =
      Extension.of(
          "limit", LimitMatch::of, OptionSpec.value("--limit"), OptionSpec.value("--limit-burst"));

  private final Rate rate;
  private final long burst;
  private @Nullable Credits credits;

  private LimitMatch(Rate rate, long burst) {
    this.rate = rate;
    this.burst = burst;
  }

  static Match of(Options options) {
    long burst = options.number("--limit-burst", DEFAULT_BURST, 0, MAX_BURST);
    if (burst == 0) {
      throw new KernelRefusal("limit: a burst of 0 lets nothing through");
    }
    Rate rate = Rate.parse(options.word("--limit", "3/hour"), Rate.LIMIT_SCALE);
    if (rate.overflows(burst)) {
      throw new KernelRefusal("limit: rate and burst are too much for the kernel's counters");
    }
    return new LimitMatch(rate, burst);
  }

  @Override
  public Match fresh() {
    return new LimitMatch(rate, burst);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    if (credits == null) {
      credits = new Credits(rate.nanos(), burst, netfilter.now());
    }
    return credits.take(netfilter.now());
  }

  @Override
  public String save() {
    return "-m limit --limit " + rate + (burst == DEFAULT_BURST ? "" : " --limit-burst " + burst);
  }
}
