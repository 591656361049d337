package dev.sidecarsim.netfilter;

/** {@code --sport} or {@code --dport}: a range, perhaps negated. */
record PortCondition(boolean not, PortRange range) {

  static final PortCondition ANY = new PortCondition(false, PortRange.ALL);

  /** Reads ports as the library of the options' protocol does. */
  static PortCondition parse(Options options, String name) {
    Options.Value value = options.get(name);
    if (value == null) {
      return ANY;
    }
    String owner = options.owner();
    boolean byName = owner.equals("tcp") || owner.equals("sctp");
    return new PortCondition(
        value.not(),
        byName ? PortRange.parse(value.word(), owner) : PortRange.parseAny(value.word()));
  }

  boolean matches(int port) {
    return range.contains(port) != not;
  }

  boolean tests(int word, RuleTests tests) {
    return (range.isAll() && !not) || tests.range(word, not, range.min(), range.max());
  }

  void cut(KeyWord word, Cuts cuts) {
    cuts.range(word, range.min(), range.max());
  }

  /** With a leading space; iptables-save leaves out a full range, negated or not. */
  String save(String option) {
    return range.isAll() ? "" : " " + Match.not(not) + option + " " + range;
  }
}
