package dev.sidecarsim.netfilter;

/**
 * {@code -m policy}: what IPsec did with the packet, or will do. No packet here goes through IPsec,
 * so that exactly {@code --pol none} is met, whatever else is asked ({@code policy_mt()}).
 */
record PolicyMatch(boolean none, boolean in, String options) implements Match {

  /** Options may come again behind {@code --next}, so that only their order tells. */
  static final Extension<Match> EXTENSION =
      Extension.of(
          "policy",
          PolicyMatch::of,
          OptionSpec.value("--dir"),
          OptionSpec.value("--pol"),
          OptionSpec.flag("--strict"),
          OptionSpec.match("--reqid").manyTimes(),
          OptionSpec.match("--spi").manyTimes(),
          OptionSpec.match("--proto").manyTimes(),
          OptionSpec.match("--mode").manyTimes(),
          OptionSpec.match("--tunnel-src").manyTimes(),
          OptionSpec.match("--tunnel-dst").manyTimes(),
          OptionSpec.flag("--next").manyTimes());

  static Match of(Options options) {
    String direction = options.need("--dir").word();
    if (!direction.equals("in") && !direction.equals("out")) {
      throw new BadRule("policy: --dir is in or out, not \"" + direction + "\"");
    }
    String policy = options.word("--pol", "ipsec");
    if (!policy.equals("none") && !policy.equals("ipsec")) {
      throw new BadRule("policy: --pol is none or ipsec, not \"" + policy + "\"");
    }
    boolean none = policy.equals("none");
    if (none && options.has("--strict")) {
      throw new BadRule("policy: --pol none but --strict given");
    }
    Forms.require(options, "--next", "--strict");
    String text =
        " --dir "
            + direction
            + " --pol "
            + policy
            + (options.has("--strict") ? " --strict" : "")
            + PolicyElements.text(options, none);
    return new PolicyMatch(none, direction.equals("in"), text);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return none;
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return switch (hook) {
      case PREROUTING, INPUT -> in;
      case OUTPUT, POSTROUTING -> !in;
      case FORWARD -> true;
    };
  }

  @Override
  public String save() {
    return "-m policy" + options;
  }
}
