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

  static Extension<Match> extension(String name, int protocol, OptionSpec... more) {
    OptionSpec[] specs = new OptionSpec[more.length + 2];
    specs[0] = OptionSpec.match("--sport", "--source-port");
    specs[1] = OptionSpec.match("--dport", "--destination-port");
    System.arraycopy(more, 0, specs, 2, more.length);
    return Extension.of(name, options -> of(name, protocol, options), specs);
  }

  private static Match of(String name, int protocol, Options options) {
    for (String option : options.names()) {
      if (!option.endsWith("port")) {
        return UnknownMatch.of(options, option + " is not modelled");
      }
    }
    return new PortMatch(
        name,
        protocol,
        PortCondition.parse(options, "--sport"),
        PortCondition.parse(options, "--dport"),
        options.has("--sport"),
        options.has("--dport"));
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

  /** Of SCTP alone a range of all ports that was given is printed. */
  private String save(String option, PortCondition condition, boolean given) {
    return protocol == 132 && given && condition.range().isAll()
        ? " " + Match.not(condition.not()) + option + " " + condition.range()
        : condition.save(option);
  }

  @Override
  public String save() {
    return "-m " + name + save("--sport", sport, givenSport) + save("--dport", dport, givenDport);
  }
}
