package dev.sidecarsim.netfilter;

import com.google.common.base.CharMatcher;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code -m hashlimit} as libxt_hashlimit.c (revision 3) reads and prints them.
 *
 * @param above whether packets over the limit are meant
 * @param rate how many packets; null if bytes are limited
 * @param cost what the kernel takes for a byte (or, with a rate, the period between two packets)
 * @param burst packets or, divided by what a rate's unit of bytes is, bytes; 0 for none
 * @param interval seconds of {@code --hashlimit-rate-match}; 0 without it
 */
record HashLimitConfig(
    boolean above,
    @Nullable Rate rate,
    long cost,
    long burst,
    long interval,
    ImmutableList<String> modes,
    String name,
    int sourceMask,
    int destinationMask,
    String table) {

  private static final long DEFAULT_BURST = 5;
  private static final long MAX_BURST = 1_000_000;

  /** HASHLIMIT_MAX_SIZE of the kernel, to which it cuts a table. */
  private static final long MAX_TABLE = 1_048_576;

  private static final ImmutableList<String> MODES =
      ImmutableList.of("srcip", "srcport", "dstip", "dstport");

  static HashLimitConfig of(Options options) {
    Options.Value upto = options.get("--hashlimit-upto");
    Options.Value above = options.get("--hashlimit-above");
    Options.Value chosen = upto == null ? above : upto;
    if (chosen == null || (upto != null && above != null)) {
      throw new BadRule("hashlimit: one of --hashlimit-upto and --hashlimit-above must be given");
    }
    String name = Forms.cut(options.need("--hashlimit-name").word(), 255);
    if (name.isEmpty()) {
      throw new BadRule("hashlimit: --hashlimit-name must not be empty");
    }
    long bytes = ByteRate.cost(chosen.word());
    Rate rate = bytes > 0 ? null : Rate.parse(chosen.word(), Rate.HASHLIMIT_SCALE);
    return with(options, rate, bytes, (above != null) != chosen.not(), name);
  }

  private static HashLimitConfig with(
      Options options, @Nullable Rate rate, long bytes, boolean above, String name) {
    boolean match = options.has("--hashlimit-rate-match");
    long unit = rate == null ? 1 : rate.unit();
    long given = interval(options);
    long cost = rate == null ? bytes : match ? rate.period() / unit : rate.period();
    Rate printed = rate == null ? null : new Rate(cost, rate.scale(), unit);
    long burst = burst(options, rate == null ? bytes : 0);
    HashLimitConfig config =
        new HashLimitConfig(
            above,
            printed,
            cost,
            burst,
            match ? (given == 0 ? unit : given) : 0,
            modes(options),
            name,
            mask(options, "--hashlimit-srcmask"),
            mask(options, "--hashlimit-dstmask"),
            table(options, printed, unit, burst));
    config.check();
    return config;
  }

  private static long interval(Options options) {
    if (!options.has("--hashlimit-rate-interval")) {
      return 0;
    }
    String word = options.word("--hashlimit-rate-interval", "");
    long seconds = (int) Numbers.leading(word);
    if (seconds <= 0) {
      throw new BadRule("hashlimit: --hashlimit-rate-interval is a number of seconds, not " + word);
    }
    return seconds;
  }

  /** A burst of bytes is kept in units of what a byte costs. */
  private static long burst(Options options, long byteCost) {
    if (!options.has("--hashlimit-burst")) {
      return byteCost > 0 ? 0 : DEFAULT_BURST;
    }
    String word = options.word("--hashlimit-burst", "");
    CNumber number = CNumber.read(word, 0, 0);
    boolean whole = number.end() == word.length();
    if (!number.isWithin(1, whole ? MAX_BURST : Numbers.U64)) {
      throw Numbers.bad("hashlimit", "--hashlimit-burst", word, 1, MAX_BURST);
    }
    long burst = number.value() * ByteRate.factor(whole ? ' ' : word.charAt(number.end()));
    if (byteCost == 0) {
      if (Long.compareUnsigned(burst, MAX_BURST) > 0) {
        throw Numbers.bad("hashlimit", "--hashlimit-burst", word, 1, MAX_BURST);
      }
      return burst;
    }
    long unit = ByteRate.bytes(byteCost);
    if (Long.compareUnsigned(burst, unit) < 0 || unit == 0) {
      throw new BadRule("hashlimit: the burst cannot be smaller than " + unit + "b");
    }
    long rest = Long.remainderUnsigned(burst, unit) == 0 ? 0 : 1;
    return (burst & Numbers.U32) / unit + rest;
  }

  private static ImmutableList<String> modes(Options options) {
    List<String> given =
        Splitter.on(CharMatcher.anyOf(",|"))
            .omitEmptyStrings()
            .splitToList(options.word("--hashlimit-mode", ""));
    for (String mode : given) {
      if (!MODES.contains(mode)) {
        throw new BadRule("hashlimit: bad value \"" + mode + "\" of --hashlimit-mode");
      }
    }
    return MODES.stream().filter(given::contains).collect(ImmutableList.toImmutableList());
  }

  private static int mask(Options options, String name) {
    int width = options.v6() ? 128 : 32;
    return options.has(name)
        ? Addresses.maskLength(options.word(name, ""), options.v6()) & 0xff
        : width;
  }

  /** How entries are kept: they live as long as the rate's unit and are swept every second. */
  private static String table(Options options, @Nullable Rate rate, long unit, long burst) {
    StringBuilder out = new StringBuilder();
    long expected =
        rate != null ? 1000 * rate.printedUnit() : burst == 0 ? ByteRate.EXPIRE : ByteRate.BURST;
    long kept =
        rate != null
            ? 1000 * unit
            : options.has("--hashlimit-burst") ? ByteRate.BURST : ByteRate.EXPIRE;
    append(out, options, "size", 0, 0);
    append(out, options, "max", 0, 0);
    append(out, options, "gcinterval", 1_000, 1_000);
    append(out, options, "expire", kept, expected);
    return out.toString();
  }

  private static void append(
      StringBuilder out, Options options, String name, long otherwise, long hidden) {
    String option = "--hashlimit-htable-" + name;
    long value = options.number(option, otherwise, 0, Numbers.U32);
    if (value == 0 && hidden != 0) {
      throw new KernelRefusal("hashlimit: " + option + " cannot be 0");
    }
    boolean capped = name.equals("size") || name.equals("max");
    long kept = capped ? Math.min(value, MAX_TABLE) : value;
    out.append(kept == hidden ? "" : " " + option + " " + kept);
  }

  /** What hashlimit_mt_check_common() of the kernel refuses. */
  private void check() {
    if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw new KernelRefusal(
          "hashlimit: \"" + name + "\" can be no file's name, as a table's must");
    }
    boolean tooFast = rate == null && Long.compareUnsigned(cost, 1) <= 0 && interval == 0;
    if (tooFast || (interval > 0 && cost == 0)) {
      throw new KernelRefusal("hashlimit: the rate is too high");
    }
    if (rate != null && interval == 0 && rate.overflows(burst)) {
      throw new KernelRefusal("hashlimit: rate and burst are too much for the kernel's counters");
    }
    int width = Math.max(sourceMask, destinationMask);
    if (width > 128) {
      throw new KernelRefusal("hashlimit: a mask has holes");
    }
  }

  /** With a space in front, as iptables-save prints it. */
  String text(boolean v6) {
    int width = v6 ? 128 : 32;
    return (above ? " --hashlimit-above " : " --hashlimit-upto ")
        + (rate == null ? ByteRate.text(cost, burst) : rate + " --hashlimit-burst " + burst)
        + (modes.isEmpty() ? "" : " --hashlimit-mode " + Joiner.on(',').join(modes))
        + " --hashlimit-name "
        + name
        + table
        + (sourceMask == width ? "" : " --hashlimit-srcmask " + sourceMask)
        + (destinationMask == width ? "" : " --hashlimit-dstmask " + destinationMask)
        + (interval == 0 ? "" : " --hashlimit-rate-match")
        + (interval <= 1 ? "" : " --hashlimit-rate-interval " + interval);
  }
}
