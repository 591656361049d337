package dev.sidecarsim.netfilter;

/** {@code --sport} or {@code --dport}: a range, perhaps negated. */
record PortCondition(boolean not, PortRange range) {

  static final PortCondition ANY = new PortCondition(false, PortRange.ALL);

  static PortCondition parse(Options options, String name) {
    Options.Value value = options.get(name);
    return value == null ? ANY : new PortCondition(value.not(), PortRange.parse(value.word()));
  }

  /** UDP and DCCP take a reversed range, which no port is in. */
  static PortCondition parseAnyOrder(Options options, String name) {
    Options.Value value = options.get(name);
    return value == null
        ? ANY
        : new PortCondition(value.not(), PortRange.parseAnyOrder(value.word()));
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
