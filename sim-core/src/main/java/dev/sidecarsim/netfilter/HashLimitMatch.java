package dev.sidecarsim.netfilter;

import dev.sidecarsim.time.Durations;

/** {@code -m hashlimit}: a limit for each address or port, by simulated time. */
record HashLimitMatch(boolean above, String name, HashLimits.Plan plan, String text)
    implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of(
          "hashlimit",
          HashLimitMatch::of,
          OptionSpec.match("--hashlimit-upto", "--hashlimit"),
          OptionSpec.match("--hashlimit-above"),
          OptionSpec.value("--hashlimit-burst"),
          OptionSpec.value("--hashlimit-mode"),
          OptionSpec.value("--hashlimit-name"),
          OptionSpec.value("--hashlimit-srcmask"),
          OptionSpec.value("--hashlimit-dstmask"),
          OptionSpec.value("--hashlimit-htable-size"),
          OptionSpec.value("--hashlimit-htable-max"),
          OptionSpec.value("--hashlimit-htable-gcinterval"),
          OptionSpec.value("--hashlimit-htable-expire"),
          OptionSpec.value("--hashlimit-rate-interval"),
          OptionSpec.flag("--hashlimit-rate-match"));

  static Match of(Options options) {
    HashLimitConfig config = HashLimitConfig.of(options);
    String text = config.text(options.v6());
    Rate rate = config.rate();
    if (rate == null || config.interval() > 0) {
      String reason = "limits by bytes and rates that are only measured are not modelled";
      return new UnknownMatch("hashlimit", text, reason, Unmodelled.ANYWHERE);
    }
    HashLimits.Plan plan =
        new HashLimits.Plan(
            rate,
            config.burst(),
            config.modes(),
            config.sourceMask(),
            config.destinationMask(),
            time(options, "--hashlimit-htable-expire", 1_000 * rate.unit()),
            time(options, "--hashlimit-htable-gcinterval", 1_000));
    return new HashLimitMatch(config.above(), config.name(), plan, "-m hashlimit" + text);
  }

  private static long time(Options options, String option, long millis) {
    return Durations.millis(options.number(option, millis, 1, Numbers.U32));
  }

  @Override
  public Match fresh() {
    return new HashLimitMatch(above, name, plan, text);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return netfilter.hashLimits(skb.family, this).take(skb.packet, netfilter.now()) != above;
  }

  @Override
  public String save() {
    return text;
  }
}
