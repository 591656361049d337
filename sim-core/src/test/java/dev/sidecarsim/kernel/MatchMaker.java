package dev.sidecarsim.kernel;

import dev.sidecarsim.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Draws conditions that are allowed in a rule's place. */
final class MatchMaker {

  private static final String STATES = "NEW ESTABLISHED RELATED INVALID UNTRACKED";

  private final World world;
  private final Dice dice;
  private final String unique;
  private final MoreMatches more;

  MatchMaker(World world, Dice dice, String unique) {
    this.world = world;
    this.dice = dice;
    this.unique = unique;
    this.more = new MoreMatches(world, dice);
  }

  String draw(String table, String hook, String protocol, JsonObject.Builder hint) {
    List<Supplier<String>> choices = new ArrayList<>();
    ofProtocol(protocol, hint, choices);
    ofPlace(hook, hint, choices);
    choices.add(this::state);
    choices.add(this::state);
    choices.add(this::connection);
    choices.add(this::status);
    choices.add(() -> " -m mark " + dice.not(25) + "--mark " + mark(hint));
    choices.add(
        () ->
            " -m connmark "
                + dice.not(25)
                + "--mark "
                + dice.of("0x0", "0x5", "0x5/0xf", "0x0/0x1"));
    choices.add(
        () -> " -m addrtype " + dice.not(20) + dice.of("--src-type ", "--dst-type ") + types());
    choices.add(this::range);
    choices.add(
        () ->
            " -m length "
                + dice.not(20)
                + "--length "
                + dice.of("0:60", "28", "40", "60:", "100:200"));
    choices.add(this::ttl);
    choices.add(() -> " -m tos " + dice.not(20) + "--tos " + dice.of("0x10", "0x08/0x1c", "0x00"));
    choices.add(() -> " -m dscp " + dice.not(20) + "--dscp " + dice.of("0x0a", "0x2e", "0x00"));
    choices.add(() -> " -m comment --comment \"a comment\"");
    choices.add(
        () ->
            " -m pkttype "
                + dice.not(20)
                + "--pkt-type "
                + dice.of("unicast", "broadcast", "multicast"));
    choices.add(
        () ->
            " -m statistic --mode nth --every "
                + dice.of("1 --packet 0", "2 --packet 0", "2 --packet 1", "3 --packet 2"));
    choices.add(() -> " -m limit --limit 1/hour --limit-burst " + dice.of(1, 2, 3));
    choices.add(this::hashLimit);
    choices.add(this::recent);
    if (world.sets()) {
      choices.add(this::set);
    }
    if (dice.percent(15)) {
      return more.draw(table, hook, protocol);
    }
    return dice.of(choices).get();
  }

  private void ofProtocol(
      String protocol, JsonObject.Builder hint, List<Supplier<String>> choices) {
    switch (protocol) {
      case "tcp", "udp", "sctp" -> {
        for (int i = 0; i < 8; i++) {
          choices.add(() -> port(protocol, hint));
        }
        choices.add(this::multiport);
        choices.add(this::multiport);
      }
      case "icmp" -> {
        for (int i = 0; i < 8; i++) {
          choices.add(
              () ->
                  " -m icmp "
                      + dice.not(20)
                      + "--icmp-type "
                      + dice.of("8", "0", "3", "3/1", "any", "11", "13"));
        }
      }
      case "ipv6-icmp" -> {
        for (int i = 0; i < 8; i++) {
          choices.add(
              () ->
                  " -m icmp6 "
                      + dice.not(20)
                      + "--icmpv6-type "
                      + dice.of("128", "129", "1", "1/4", "3"));
        }
      }
      default -> {}
    }
    if (protocol.equals("tcp")) {
      choices.add(() -> " -m tcp " + dice.not(20) + "--syn");
      choices.add(
          () ->
              " -m tcp "
                  + dice.not(20)
                  + "--tcp-flags "
                  + dice.of(
                      "SYN,ACK SYN",
                      "ALL NONE",
                      "FIN,SYN FIN,SYN",
                      "RST RST",
                      "ACK ACK",
                      "ALL FIN,PSH,URG"));
    }
  }

  private String port(String protocol, JsonObject.Builder hint) {
    int port = dice.of(World.PORTS);
    String range =
        dice.of(
            Integer.toString(port),
            Integer.toString(port),
            port + ":" + Math.min(65535, port + 1),
            ":" + port,
            port + ":");
    boolean source = dice.percent(25);
    hint.put(source ? "sport" : "dport", port);
    return " -m " + protocol + " " + dice.not(20) + (source ? "--sport " : "--dport ") + range;
  }

  private String multiport() {
    return " -m multiport "
        + dice.not(20)
        + dice.of("--dports ", "--sports ", "--ports ")
        + dice.of("22,80,443", "80:90", "53,8000:8100", "1,2,40000", "15001:15006,80");
  }

  private void ofPlace(String hook, JsonObject.Builder hint, List<Supplier<String>> choices) {
    boolean in = hook.equals("PREROUTING") || hook.equals("INPUT") || hook.equals("FORWARD");
    if (in) {
      choices.add(
          () ->
              " -m mac "
                  + dice.not(20)
                  + "--mac-source "
                  + dice.of("02:00:00:02:00:01", "02:00:00:02:00:02"));
      choices.add(() -> " -m physdev " + dice.not(20) + "--physdev-in eth0");
    }
    if (hook.equals("OUTPUT") || hook.equals("POSTROUTING")) {
      for (int i = 0; i < 6; i++) {
        choices.add(() -> owner(hint));
      }
    }
    if (hook.equals("PREROUTING") || hook.equals("INPUT")) {
      choices.add(() -> " -m addrtype " + dice.not(20) + "--dst-type LOCAL --limit-iface-in");
    }
    if (hook.equals("POSTROUTING") || hook.equals("OUTPUT")) {
      choices.add(() -> " -m addrtype " + dice.not(20) + "--src-type LOCAL --limit-iface-out");
    }
  }

  private String types() {
    return world.v6()
        ? dice.of("LOCAL", "UNICAST", "MULTICAST", "UNICAST,LOCAL")
        : dice.of("LOCAL", "UNICAST", "BROADCAST", "MULTICAST", "LOCAL,BROADCAST");
  }

  private String owner(JsonObject.Builder hint) {
    int id = dice.of(0, 1000, 1337);
    String kind = dice.of("uid", "uid", "gid");
    hint.put(kind, id).put("dir", "out");
    return switch (dice.below(5)) {
      case 0 -> " -m owner " + dice.not(30) + "--socket-exists";
      case 1 -> " -m owner " + dice.not(30) + "--uid-owner 1000-1400";
      case 2 ->
          " -m owner " + dice.not(40) + "--uid-owner 1337 " + dice.not(40) + "--gid-owner 1337";
      default -> " -m owner " + dice.not(40) + "--" + kind + "-owner " + id;
    };
  }

  private String state() {
    String states = dice.of(STATES.split(" "));
    if (dice.percent(40)) {
      String other = dice.of(STATES.split(" "));
      states += states.equals(other) ? "" : "," + other;
    }
    return dice.percent(25)
        ? " -m state " + dice.not(20) + "--state " + states
        : " -m conntrack "
            + dice.not(20)
            + "--ctstate "
            + dice.of(states, states, states, "DNAT", "SNAT", "NEW,DNAT");
  }

  private String connection() {
    String address = dice.percent(50) ? world.any(dice) : dice.of(world.blocks());
    String option =
        switch (dice.below(4)) {
          case 0 ->
              "--" + dice.of("ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst") + " " + address;
          case 1 ->
              "--"
                  + dice.of("ctorigsrcport", "ctorigdstport", "ctreplsrcport", "ctrepldstport")
                  + " "
                  + dice.of("80", "1:1024", "40000");
          case 2 -> "--ctproto " + dice.of("tcp", "udp", world.v6() ? "58" : "1");
          default -> "";
        };
    return option.isEmpty()
        ? " -m conntrack --ctdir " + dice.of("ORIGINAL", "REPLY")
        : " -m conntrack " + dice.not(20) + option;
  }

  private String status() {
    return " -m conntrack "
        + dice.not(20)
        + "--ctstatus "
        + dice.of("NONE", "SEEN_REPLY", "ASSURED", "CONFIRMED", "EXPECTED", "SEEN_REPLY,CONFIRMED");
  }

  private String mark(JsonObject.Builder hint) {
    String mark = dice.of("0x0", "0x1", "0x539", "0x100/0xf00", "0x1/0xff", "0xff");
    hint.put("mark", Long.decode(mark.replaceAll("/.*", "")));
    return mark;
  }

  private String range() {
    String range =
        world.v6()
            ? dice.of("fd00:10::1-fd00:10::9", "2001:db8::-2001:db8::ff")
            : dice.of("10.0.0.1-10.0.0.9", "8.8.8.8-10.0.0.2", "10.244.1.0-10.244.1.8");
    return " -m iprange " + dice.not(20) + dice.of("--src-range ", "--dst-range ") + range;
  }

  private String ttl() {
    return world.v6()
        ? " -m hl " + dice.of("--hl-eq 64", "--hl-eq 63", "--hl-lt 64", "--hl-gt 63", "! --hl-eq 1")
        : " -m ttl "
            + dice.of("--ttl-eq 64", "--ttl-eq 63", "--ttl-lt 64", "--ttl-gt 63", "! --ttl-eq 1");
  }

  private String hashLimit() {
    String mode =
        dice.of(
            "",
            " --hashlimit-mode srcip",
            " --hashlimit-mode dstip,dstport",
            " --hashlimit-mode srcip --hashlimit-srcmask " + (world.v6() ? 48 : 8));
    return " -m hashlimit "
        + dice.of("--hashlimit-upto ", "--hashlimit-above ")
        + "1/hour --hashlimit-burst "
        + dice.of(1, 2)
        + mode
        + " --hashlimit-name h"
        + unique
        + dice.below(3);
  }

  private String recent() {
    String name = " --name r" + unique + dice.below(2) + dice.of("", " --rdest", " --rsource");
    return " -m recent "
        + dice.not(20)
        + dice.of(
            "--set",
            "--set",
            "--rcheck",
            "--update",
            "--remove",
            "--rcheck --seconds 600 --hitcount 2",
            "--update --hitcount 3",
            "--rcheck --rttl")
        + name;
  }

  private String set() {
    return " -m set "
        + dice.not(20)
        + "--match-set "
        + dice.of(
            "ips src",
            "ips dst",
            "nets src",
            "nets dst",
            "ipports dst,dst",
            "ipports src,src",
            "ports dst",
            "ports src");
  }
}
