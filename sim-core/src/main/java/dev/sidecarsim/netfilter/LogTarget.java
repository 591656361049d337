package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;

/**
 * LOG, NFLOG and other targets that tell somebody of a packet, or change what is not modelled of
 * it, and let it go on.
 */
record LogTarget(String text, ImmutableSet<Hook> hooks) implements Target {

  /** Syslog's level for a warning, which iptables-save leaves out. */
  private static final int WARNING = 4;

  private static final int MAX_PREFIX = 29;

  /** The names that iptables knows; syslog's err and warn are none of them. */
  private static final ImmutableMap<String, Integer> LEVELS =
      ImmutableMap.<String, Integer>builder()
          .put("alert", 1)
          .put("crit", 2)
          .put("debug", 7)
          .put("emerg", 0)
          .put("error", 3)
          .put("info", 6)
          .put("notice", 5)
          .put("panic", 0)
          .put("warning", WARNING)
          .buildOrThrow();

  static final Extension<Target> LOG =
      Extension.of(
          "LOG",
          LogTarget::log,
          OptionSpec.value("--log-level"),
          OptionSpec.value("--log-prefix"),
          OptionSpec.flag("--log-tcp-sequence"),
          OptionSpec.flag("--log-tcp-options"),
          OptionSpec.flag("--log-ip-options"),
          OptionSpec.flag("--log-uid"),
          OptionSpec.flag("--log-macdecode"));

  static final Extension<Target> NFLOG =
      Extension.of(
          "NFLOG",
          LogTarget::nflog,
          OptionSpec.value("--nflog-group"),
          OptionSpec.value("--nflog-prefix"),
          OptionSpec.value("--nflog-range"),
          OptionSpec.value("--nflog-size"),
          OptionSpec.value("--nflog-threshold"));

  private static Target log(Options options) {
    String prefix = prefix(options, "--log-prefix", MAX_PREFIX + 1);
    int level = level(options.word("--log-level", "4"));
    StringBuilder out = new StringBuilder("-j LOG");
    if (!prefix.isEmpty()) {
      out.append(" --log-prefix ").append(Quoting.quote(prefix));
    }
    if (level != WARNING) {
      out.append(" --log-level ").append(level);
    }
    for (String flag :
        ImmutableList.of(
            "--log-tcp-sequence",
            "--log-tcp-options",
            "--log-ip-options",
            "--log-uid",
            "--log-macdecode")) {
      out.append(options.has(flag) ? " " + flag : "");
    }
    return new LogTarget(out.toString(), Unmodelled.ANYWHERE);
  }

  private static String prefix(Options options, String option, int size) {
    String prefix = options.word(option, "");
    if (prefix.isEmpty() && options.has(option)) {
      throw new BadRule(options.owner() + ": " + option + " must have at least one character");
    }
    return Forms.cut(prefix, size);
  }

  private static int level(String text) {
    Integer named = LEVELS.get(text);
    return named != null ? named : (int) Numbers.parse("LOG", "--log-level", text, 0, 7);
  }

  private static Target nflog(Options options) {
    StringBuilder out = new StringBuilder("-j NFLOG");
    String prefix = prefix(options, "--nflog-prefix", 64);
    if (!prefix.isEmpty()) {
      out.append(" --nflog-prefix ").append(Quoting.quote(prefix));
    }
    for (String name : ImmutableList.of("group", "range", "size", "threshold")) {
      String option = "--nflog-" + name;
      boolean small = name.equals("group") || name.equals("threshold");
      long value = options.number(option, 0, 0, small ? 65_535 : Numbers.U32);
      boolean shown = value != 0 || (name.equals("size") && options.has(option));
      out.append(shown ? " " + option + " " + value : "");
    }
    return new LogTarget(out.toString(), Unmodelled.ANYWHERE);
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    return Action.CONTINUE;
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return hooks.contains(hook);
  }

  @Override
  public String save() {
    return text;
  }

  @Override
  public boolean harmless() {
    return true;
  }
}
