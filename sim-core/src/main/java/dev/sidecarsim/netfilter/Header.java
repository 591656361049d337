package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Protocol;

/** The conditions that every rule can have without {@code -m}. */
record Header(
    boolean notSource,
    AddressMask source,
    boolean notDestination,
    AddressMask destination,
    boolean notIn,
    String in,
    boolean notOut,
    String out,
    boolean notProtocol,
    Protocol protocol,
    boolean notFragment,
    boolean fragment) {

  /** Whether it asks for nothing. */
  boolean isEmpty() {
    return !notSource
        && source.isAny()
        && !notDestination
        && destination.isAny()
        && in.isEmpty()
        && out.isEmpty()
        && protocol.number() == 0
        && !fragment;
  }

  boolean matches(Skb skb) {
    return source.matches(skb.packet.src()) != notSource
        && destination.matches(skb.packet.dst()) != notDestination
        && protocolMatches(skb)
        && devicesMatch(skb)
        && (!fragment || notFragment);
  }

  boolean hasDevices() {
    return !in.isEmpty() || !out.isEmpty();
  }

  boolean devicesMatch(Skb skb) {
    return (in.isEmpty() || device(in, skb.in) != notIn)
        && (out.isEmpty() || device(out, skb.out) != notOut);
  }

  /** Whether intervals of a key's words decide it. */
  boolean isPlain() {
    return source.prefix() >= 0 && destination.prefix() >= 0;
  }

  /** Says where along the words of a key the answer changes. */
  void cut(Cuts cuts) {
    if (!source.isAny()) {
      cuts.addresses(KeyWord.SOURCE, source.address(), source.last());
    }
    if (!destination.isAny()) {
      cuts.addresses(KeyWord.DESTINATION, destination.address(), destination.last());
    }
    if (protocol.number() != 0) {
      cuts.range(KeyWord.PROTOCOL, protocol.number(), protocol.number());
    }
    if (!in.isEmpty()) {
      cuts.device(KeyWord.IN, in);
    }
    if (!out.isEmpty()) {
      cuts.device(KeyWord.OUT, out);
    }
  }

  /** Adds tests of a packet's words; true if they are all but those of the interfaces. */
  boolean tests(RuleTests tests) {
    boolean all = tests.address(ChainKey.SOURCE, notSource, source);
    all &= tests.address(ChainKey.DESTINATION, notDestination, destination);
    int wanted = protocol.number();
    all &= wanted == 0 || tests.range(ChainKey.PROTOCOL, notProtocol, wanted, wanted);
    return all && !fragment;
  }

  private boolean protocolMatches(Skb skb) {
    int wanted = protocol.number();
    return wanted == 0 || (wanted == skb.packet.protocol().number()) != notProtocol;
  }

  /** A name that ends in + stands for all that begin so. */
  private static boolean device(String wanted, String device) {
    int last = wanted.length() - 1;
    return wanted.charAt(last) == '+'
        ? device.regionMatches(0, wanted, 0, last)
        : wanted.equals(device);
  }

  /** Whether no packet meets it: it wants an address or an interface that is none. */
  boolean isImpossible() {
    return (notSource && source.isAny())
        || (notDestination && destination.isAny())
        || (notIn && in.equals("+"))
        || (notOut && out.equals("+"));
  }

  /** Whether every packet that meets the other one meets this one; false if that is not plain. */
  boolean covers(Header other) {
    return (!notSource && within(source, other.source, other.notSource))
        && (!notDestination && within(destination, other.destination, other.notDestination))
        && (protocol.number() == 0
            || (protocol.equals(other.protocol) && notProtocol == other.notProtocol))
        && (in.isEmpty() || (in.equals(other.in) && notIn == other.notIn))
        && (out.isEmpty() || (out.equals(other.out) && notOut == other.notOut))
        && !fragment;
  }

  private static boolean within(AddressMask wide, AddressMask narrow, boolean notNarrow) {
    boolean moreBits =
        (wide.low() & narrow.low()) == wide.low() && (wide.high() & narrow.high()) == wide.high();
    return wide.isAny() || (!notNarrow && moreBits && wide.matches(narrow.address()));
  }

  /** Which condition fails first, as the rule writes it; empty if none does. */
  String firstFailure(Skb skb) {
    if (source.matches(skb.packet.src()) == notSource) {
      return Match.not(notSource) + "-s " + source;
    }
    if (destination.matches(skb.packet.dst()) == notDestination) {
      return Match.not(notDestination) + "-d " + destination;
    }
    if (!protocolMatches(skb)) {
      return Match.not(notProtocol) + "-p " + protocol;
    }
    if (!in.isEmpty() && device(in, skb.in) == notIn) {
      return Match.not(notIn) + "-i " + in;
    }
    if (!out.isEmpty() && device(out, skb.out) == notOut) {
      return Match.not(notOut) + "-o " + out;
    }
    return fragment && !notFragment ? "-f" : "";
  }

  /** As iptables-save prints it, each condition behind a space; it leaves out {@code +} alone. */
  String save() {
    StringBuilder text = new StringBuilder();
    if (!source.isAny() || notSource) {
      text.append(' ').append(Match.not(notSource)).append("-s ").append(source);
    }
    if (!destination.isAny() || notDestination) {
      text.append(' ').append(Match.not(notDestination)).append("-d ").append(destination);
    }
    if (!in.isEmpty() && !in.equals("+")) {
      text.append(' ').append(Match.not(notIn)).append("-i ").append(in);
    }
    if (!out.isEmpty() && !out.equals("+")) {
      text.append(' ').append(Match.not(notOut)).append("-o ").append(out);
    }
    if (protocol.number() != 0) {
      text.append(' ').append(Match.not(notProtocol)).append("-p ").append(protocol);
    }
    if (fragment) {
      text.append(' ').append(Match.not(notFragment)).append("-f");
    }
    return text.toString();
  }
}
