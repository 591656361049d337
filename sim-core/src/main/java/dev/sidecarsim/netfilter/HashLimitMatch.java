package dev.sidecarsim.netfilter;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** {@code -m hashlimit}: a limit for each address or port, by simulated time. */
record HashLimitMatch(boolean above, String name, HashLimits.Plan plan, String text)
    implements Match {

  private static final long DEFAULT_BURST = 5;
  private static final ImmutableList<String> MODES =
      ImmutableList.of("srcip", "srcport", "dstip", "dstport");

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
    Options.Value upto = options.get("--hashlimit-upto");
    Options.Value above = options.get("--hashlimit-above");
    Options.Value chosen = upto == null ? above : upto;
    if (chosen == null || (upto != null && above != null)) {
      throw new BadRule("hashlimit: one of --hashlimit-upto and --hashlimit-above must be given");
    }
    String name = options.need("--hashlimit-name").word();
    if (name.isEmpty()) {
      throw new BadRule("hashlimit: --hashlimit-name must not be empty");
    }
    if (name.indexOf('/') >= 0) {
      throw new KernelRefusal(
          "hashlimit: \"" + name + "\" can be no file's name, as a table's must");
    }
    if (!isPlain(options)) {
      return UnknownMatch.of(options, "this form of hashlimit is not modelled");
    }
    ImmutableList<String> modes = modes(options);
    boolean over = (above != null) != chosen.not();
    Rate rate = Rate.parse(chosen.word(), Rate.HASHLIMIT_SCALE);
    long burst = options.number("--hashlimit-burst", DEFAULT_BURST, 1, 1_000_000);
    String text =
        "-m hashlimit "
            + (over ? "--hashlimit-above " : "--hashlimit-upto ")
            + rate
            + " --hashlimit-burst "
            + burst
            + (modes.isEmpty() ? "" : " --hashlimit-mode " + Joiner.on(',').join(modes))
            + " --hashlimit-name "
            + name
            + table(options, rate);
    int src = mask(options, "--hashlimit-srcmask");
    int dst = mask(options, "--hashlimit-dstmask");
    return new HashLimitMatch(over, name, new HashLimits.Plan(rate, burst, modes, src, dst), text);
  }

  /** Limits by bytes are not modelled. */
  private static boolean isPlain(Options options) {
    String rate = options.word("--hashlimit-upto", options.word("--hashlimit-above", ""));
    boolean bytes = rate.matches("\\d+[kmKM]?[bB]/.*");
    return !bytes
        && !options.has("--hashlimit-rate-match")
        && !options.has("--hashlimit-rate-interval");
  }

  private static ImmutableList<String> modes(Options options) {
    if (!options.has("--hashlimit-mode")) {
      return ImmutableList.of();
    }
    List<String> given = Splitter.on(',').splitToList(options.word("--hashlimit-mode", ""));
    for (String mode : given) {
      if (!MODES.contains(mode)) {
        throw new BadRule("hashlimit: bad value \"" + mode + "\" of --hashlimit-mode");
      }
    }
    List<String> ordered =
        new ArrayList<>(ImmutableList.of("srcip", "srcport", "dstip", "dstport"));
    ordered.retainAll(given);
    return ImmutableList.copyOf(ordered);
  }

  private static int mask(Options options, String name) {
    int width = options.v6() ? 128 : 32;
    return (int) options.number(name, width, 0, width);
  }

  private static String table(Options options, Rate rate) {
    StringBuilder out = new StringBuilder();
    for (String name : ImmutableList.of("size", "max", "gcinterval", "expire")) {
      String option = "--hashlimit-htable-" + name;
      long otherwise = defaultOf(name, rate.unit());
      long value = options.number(option, otherwise, 0, Numbers.U32);
      if (value != defaultOf(name, rate.printedUnit())) {
        out.append(' ').append(option).append(' ').append(value);
      }
    }
    for (String option : ImmutableList.of("--hashlimit-srcmask", "--hashlimit-dstmask")) {
      int width = options.v6() ? 128 : 32;
      int mask = mask(options, option);
      out.append(mask == width ? "" : " " + option + " " + mask);
    }
    return out.toString();
  }

  /** Entries live as long as the rate's unit, in milliseconds; they are swept every second. */
  private static long defaultOf(String name, long unit) {
    return switch (name) {
      case "gcinterval" -> 1_000;
      case "expire" -> unit * 1_000;
      default -> 0;
    };
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
