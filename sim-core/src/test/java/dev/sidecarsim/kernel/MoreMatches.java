package dev.sidecarsim.kernel;

import java.util.ArrayList;
import java.util.List;

/** Draws conditions that few rule sets have, with values at the edges of what is allowed. */
final class MoreMatches {

  private final World world;
  private final Dice dice;

  MoreMatches(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
  }

  String draw(String table, String hook, String protocol) {
    List<String> choices = new ArrayList<>();
    ofPlace(table, hook, choices);
    ofProtocol(hook, protocol, choices);
    String not = dice.not(25);
    choices.add(" -m addrtype " + not + dice.of("--src-type ", "--dst-type ") + types());
    choices.add(" -m statistic --mode random --probability " + dice.of("0", "1"));
    choices.add(
        " -m mark " + not + "--mark " + dice.of("0xffffffff", "0x80000000/0x80000000", "0/0"));
    choices.add(" -m connmark " + not + "--mark " + dice.of("0x1/0x3", "0xffffffff", "0x10/0xf0"));
    choices.add(
        " -m length " + not + "--length " + dice.of("0", "65535", "0:65535", "28:40", "200"));
    choices.add(
        " -m tos " + not + "--tos " + dice.of("Minimize-Delay", "0xff", "0x00/0x00", "0x2e/0x3f"));
    choices.add(" -m dscp " + not + dice.of("--dscp-class EF", "--dscp 63", "--dscp-class BE"));
    choices.add(" -m iprange --src-range " + ranges() + " " + not + "--dst-range " + ranges());
    choices.add(
        world.v6()
            ? " -m hl " + dice.of("--hl-eq 255", "--hl-lt 1", "--hl-gt 254", "--hl-lt 255")
            : " -m ttl " + dice.of("--ttl-eq 255", "--ttl-lt 1", "--ttl-gt 254", "--ttl-lt 255"));
    return dice.of(choices);
  }

  private void ofPlace(String table, String hook, List<String> choices) {
    boolean early = table.equals("raw") || table.equals("mangle");
    if (hook.equals("PREROUTING") && early) {
      choices.add(" -m rpfilter" + some("--loose", "--validmark", "--accept-local", "--invert"));
      choices.add(" -m rpfilter" + some("--loose", "--validmark", "--accept-local", "--invert"));
    }
    boolean in = hook.equals("PREROUTING") || hook.equals("INPUT") || hook.equals("FORWARD");
    boolean out = hook.equals("POSTROUTING") || hook.equals("OUTPUT") || hook.equals("FORWARD");
    if (in) {
      choices.add(" -m policy --dir in --pol " + policy());
      choices.add(" -m physdev " + dice.not(30) + "--physdev-is-in");
      choices.add(" -m addrtype " + dice.not(20) + "--src-type " + types() + limit(hook, "in"));
    }
    if (out) {
      choices.add(" -m policy --dir out --pol " + policy());
      choices.add(" -m addrtype " + dice.not(20) + "--dst-type " + types() + limit(hook, "out"));
    }
    if (hook.equals("OUTPUT") || hook.equals("POSTROUTING")) {
      choices.add(" -m owner " + dice.of("--uid-owner 0-4294967294", "! --uid-owner 0-0"));
      choices.add(" -m owner --socket-exists " + dice.not(40) + "--gid-owner 0-1337");
    }
  }

  private String limit(String hook, String way) {
    return hook.equals("FORWARD") && dice.percent(50) ? "" : " --limit-iface-" + way;
  }

  /** Some of the flags, in their order. */
  private String some(String... flags) {
    StringBuilder out = new StringBuilder();
    for (String flag : flags) {
      out.append(dice.percent(35) ? " " + flag : "");
    }
    return out.toString();
  }

  private String policy() {
    return dice.of(
        "none",
        "ipsec",
        "none --reqid 7",
        "ipsec ! --proto esp",
        "ipsec --strict --proto esp --mode transport --next --proto ah");
  }

  private void ofProtocol(String hook, String protocol, List<String> choices) {
    if (protocol.equals("udp") && (hook.equals("PREROUTING") || hook.equals("INPUT"))) {
      // a TCP call leaves a socket behind, of which the case format does not tell
      choices.add(" -m socket" + some("--nowildcard"));
    }
    switch (protocol) {
      case "tcp", "udp" -> {
        choices.add(" -m " + protocol + " " + dice.not(40) + "--dport 0:65535");
        choices.add(
            " -m " + protocol + " " + dice.not(40) + "--sport 80 " + dice.not(40) + "--dport 80");
        choices.add(" -m multiport --dports 1,2,3,4,5,6,7,8,22,53,80,443,1000,8080,15001");
      }
      case "icmp" -> choices.add(" -m icmp " + dice.not(30) + "--icmp-type " + types4());
      default -> {}
    }
    if (protocol.equals("tcp")) {
      choices.add(" -m tcp " + dice.not(30) + "--tcp-flags NONE NONE");
      choices.add(" -m tcp " + dice.not(30) + "--tcp-flags ALL ALL");
      choices.add(" -m tcp " + dice.not(30) + "--tcp-flags SYN ACK");
    }
  }

  private String types4() {
    return dice.of("echo-request", "3/3", "destination-unreachable", "0/0", "12", "5/1");
  }

  private String types() {
    if (world.v6()) {
      return dice.of("UNSPEC", "LOCAL,UNICAST", "MULTICAST", "UNICAST");
    }
    return dice.of(
        "UNSPEC",
        "UNICAST",
        "LOCAL",
        "BROADCAST",
        "ANYCAST",
        "MULTICAST",
        "BLACKHOLE",
        "UNREACHABLE",
        "PROHIBIT",
        "UNICAST,BROADCAST,MULTICAST");
  }

  private String ranges() {
    return world.v6()
        ? dice.of("::-ffff::", "fd00::-fd00:ffff::", "::-::")
        : dice.of("0.0.0.0-255.255.255.255", "10.0.0.0-10.0.0.255", "127.0.0.0-192.168.1.20");
  }
}
