package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Packet;

/** {@code -m udp}, {@code udplite}, {@code dccp} and {@code sctp}: ports. */
record PortMatch(
    String name,
    int protocol,
    PortCondition sport,
    PortCondition dport,
    boolean givenSport,
    boolean givenDport)
    implements Match {

  private static final int SCTP = 132;
  private static final int DCCP = 33;

  /**
   * A protocol with ports.
   *
   * @param more its other options, none of which is modelled
   */
  static Extension<Match> extension(String name, int protocol, Unmodelled.Field... more) {
    Unmodelled others = Unmodelled.of(name, more);
    OptionSpec[] specs = new OptionSpec[more.length + 2];
    specs[0] = OptionSpec.match("--sport", "--source-port");
    specs[1] = OptionSpec.match("--dport", "--destination-port");
    for (int i = 0; i < more.length; i++) {
      specs[i + 2] = more[i].spec();
    }
    return Extension.of(name, options -> of(name, protocol, options, others), specs);
  }

  private static Match of(String name, int protocol, Options options, Unmodelled others) {
    PortMatch ports =
        new PortMatch(
            name,
            protocol,
            PortCondition.parse(options, "--sport"),
            PortCondition.parse(options, "--dport"),
            options.has("--sport"),
            options.has("--dport"));
    String more = others.text(options);
    if (more.isEmpty()) {
      return ports;
    }
    String reason = more.strip().replaceFirst("^! ", "").split(" ", 2)[0] + " is not modelled";
    options.needProtocol(protocol, "-m " + name + " needs -p " + name);
    return new UnknownMatch(name, ports.ports() + more, reason, Unmodelled.ANYWHERE);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    Packet packet = skb.packet;
    return sport.matches(packet.sport()) && dport.matches(packet.dport());
  }

  @Override
  public boolean needsProtocol(int number) {
    return number == protocol;
  }

  /** Of SCTP and DCCP alone a range of all ports that was given is printed. */
  private String save(String option, PortCondition condition, boolean given) {
    return (protocol == SCTP || protocol == DCCP) && given && condition.range().isAll()
        ? " " + Match.not(condition.not()) + option + " " + condition.range()
        : condition.save(option);
  }

  @Override
  public int reads() {
    return KeyWord.SOURCE_PORT.bit() | KeyWord.DESTINATION_PORT.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    sport.cut(KeyWord.SOURCE_PORT, cuts);
    dport.cut(KeyWord.DESTINATION_PORT, cuts);
  }

  @Override
  public boolean tests(RuleTests tests) {
    boolean all = sport.tests(ChainKey.SOURCE_PORT, tests);
    return dport.tests(ChainKey.DESTINATION_PORT, tests) && all;
  }

  @Override
  public String save() {
    return "-m " + name + ports();
  }

  private String ports() {
    return save("--sport", sport, givenSport) + save("--dport", dport, givenDport);
  }
}
