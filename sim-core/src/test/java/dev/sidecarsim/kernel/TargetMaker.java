package dev.sidecarsim.kernel;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** Draws what a rule does, of what is allowed in its place. */
final class TargetMaker {

  private static final ImmutableList<String> ANYWHERE =
      ImmutableList.of(
          "",
          " -j ACCEPT",
          " -j ACCEPT",
          " -j RETURN",
          " -j NFLOG --nflog-group 5",
          " -j LOG --log-prefix \"a prefix \"",
          " -j MARK --set-xmark 0x1/0xff",
          " -j MARK --set-mark 0x539",
          " -j MARK --or-mark 0x100",
          " -j MARK --and-mark 0xf0",
          " -j MARK --xor-mark 0x3",
          " -j CONNMARK --set-xmark 0x5/0xf",
          " -j CONNMARK --save-mark",
          " -j CONNMARK --restore-mark",
          " -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xf",
          " -j CONNMARK --save-mark --nfmask 0xf0 --ctmask 0xff",
          " -j CONNMARK --or-mark 0x10",
          " -j CONNMARK --and-mark 0xfffffffe",
          " -j CONNMARK --xor-mark 0xffffffff",
          " -j MARK --set-xmark 0xffffffff/0x80000000",
          " -j MARK --set-mark 0x100/0xf0");

  private final World world;
  private final Dice dice;

  TargetMaker(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
  }

  String draw(String table, String hook, String protocol) {
    List<String> choices = new ArrayList<>();
    switch (table) {
      case "raw" -> raw(choices);
      case "mangle" -> mangle(choices, hook, protocol);
      case "nat" -> nat(choices, hook, protocol);
      case "filter" -> filter(choices, protocol);
      default -> {}
    }
    if (!table.equals("nat") && dice.percent(15)) {
      return " -j DROP";
    }
    boolean own = !choices.isEmpty() && dice.percent(table.equals("nat") ? 60 : 45);
    return own ? dice.of(choices) : dice.of(ANYWHERE);
  }

  private void raw(List<String> choices) {
    choices.add(" -j NOTRACK");
    choices.add(" -j CT --notrack");
    choices.add(" -j CT --zone " + dice.of(1, 2));
    choices.add(" -j CT --zone-orig " + dice.of(1, 2));
    choices.add(" -j CT --zone-reply " + dice.of(1, 2));
    choices.add(" -j CT --zone mark");
    choices.add(" -j CT --zone-" + dice.of("orig", "reply") + " mark");
  }

  private void mangle(List<String> choices, String hook, String protocol) {
    boolean ports = protocol.equals("tcp") || protocol.equals("udp");
    if (hook.equals("PREROUTING") && ports) {
      choices.add(" -j TPROXY --on-port " + dice.of(15001, 15006) + " --tproxy-mark 0x539");
      choices.add(" -j TPROXY --on-port 15001 --on-ip " + (world.v6() ? "::1" : "127.0.0.1"));
    }
    choices.add(" -j TOS --set-tos " + dice.of("0x10", "0x08/0x1c", "0x20/0xff"));
    choices.add(" -j TOS --" + dice.of("and-tos 0xf0", "or-tos 0x04", "xor-tos 0xff"));
    choices.add(" -j DSCP --set-dscp " + dice.of("0x0a", "0x2e", "0"));
    String ttl = world.v6() ? "-j HL --hl-" : "-j TTL --ttl-";
    choices.add(" " + ttl + dice.of("set 1", "set 20", "dec 1", "inc 2", "dec 63", "inc 250"));
    if (protocol.equals("tcp")) {
      choices.add(" -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1400");
    }
  }

  private void nat(List<String> choices, String hook, String protocol) {
    boolean ports = protocol.equals("tcp") || protocol.equals("udp") || protocol.equals("sctp");
    String to = world.any(dice);
    String port = ports && dice.percent(60) ? ":" + dice.of(World.PORTS) : "";
    String target = world.v6() && !port.isEmpty() ? "[" + to + "]" : to;
    String block =
        world.v6()
            ? dice.of("fd00:192::/64", "2001:db8::/96")
            : dice.of("192.168.1.0/24", "10.0.0.16/28");
    String range = world.v6() ? "fd00:192::10-fd00:192::20" : "192.168.1.10-192.168.1.20";
    String keep = dice.of("", "", " --persistent");
    String ends = world.v6() && ports ? "[" + range + "]" : range;
    String few = ports ? ":20001-20003" : "";
    if (hook.equals("PREROUTING") || hook.equals("OUTPUT")) {
      choices.add(" -j DNAT --to-destination " + range + keep);
      choices.add(" -j DNAT --to-destination " + ends + few + dice.of(keep, " --random"));
      String toPorts = ports ? " --to-ports " + dice.of(World.PORTS) : "";
      choices.add(" -j REDIRECT" + (dice.percent(80) ? toPorts : ""));
      choices.add(" -j DNAT --to-destination " + target + port);
      choices.add(" -j DNAT --to-destination " + target + port);
      choices.add(" -j NETMAP --to " + block);
      if (ports) {
        choices.add(" -j DNAT --to-destination :" + dice.of(World.PORTS));
      }
    } else {
      choices.add(" -j SNAT --to-source " + range + keep);
      choices.add(" -j SNAT --to-source " + ends + few + keep);
      choices.add(" -j SNAT --to-source " + ends + few + " --random" + dice.of("", "-fully"));
      choices.add(" -j SNAT --to-source " + target + port);
      choices.add(" -j SNAT --to-source " + target + port);
      choices.add(" -j NETMAP --to " + block);
    }
    if (hook.equals("POSTROUTING")) {
      choices.add(" -j MASQUERADE");
      choices.add(" -j MASQUERADE" + (ports ? " --to-ports " + dice.of("80", "20001-20003") : ""));
      choices.add(" -j MASQUERADE --random" + dice.of("", "-fully"));
    }
  }

  private void filter(List<String> choices, String protocol) {
    String family = world.v6() ? "icmp6-" : "icmp-";
    choices.add(" -j REJECT");
    choices.add(
        " -j REJECT --reject-with "
            + family
            + (world.v6()
                ? dice.of(
                    "no-route",
                    "adm-prohibited",
                    "addr-unreachable",
                    "port-unreachable",
                    "policy-fail",
                    "reject-route")
                : dice.of(
                    "net-unreachable",
                    "host-unreachable",
                    "proto-unreachable",
                    "net-prohibited",
                    "host-prohibited",
                    "admin-prohibited")));
    if (protocol.equals("tcp")) {
      choices.add(" -j REJECT --reject-with tcp-reset");
      choices.add(" -j REJECT --reject-with tcp-reset");
    }
  }
}
