package dev.sidecarsim.kernel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Draws rule sets: some rules in each of some chains, with jumps to user chains. */
final class RuleMaker {

  static final int FEW = 4;
  static final int MANY = 300;

  private static final ImmutableList<String> DEVICES_IN =
      ImmutableList.of("PREROUTING", "INPUT", "FORWARD");
  private static final ImmutableList<String> DEVICES_OUT =
      ImmutableList.of("FORWARD", "OUTPUT", "POSTROUTING");

  private final World world;
  private final Dice dice;
  private final int most;
  private final MatchMaker matches;
  private final TargetMaker targets;
  private final Map<String, ImmutableList<String>> chains = new LinkedHashMap<>();
  private final Map<String, String> policies = new LinkedHashMap<>();

  /** For some rules, fields of a packet that is likely to meet them. */
  private final List<JsonObject> hints = new ArrayList<>();

  /**
   * @param most of the rules of a chain; many have more conditions each, so that packets come far
   */
  RuleMaker(World world, Dice dice, String unique, int most) {
    this.world = world;
    this.dice = dice;
    this.most = most;
    this.matches = new MatchMaker(world, dice, unique);
    this.targets = new TargetMaker(world, dice);
  }

  Rules make() {
    Rules.BUILT_IN.forEach(
        (table, builtIn) -> {
          if (dice.percent(table.equals("nat") || table.equals("filter") ? 65 : 35)) {
            table(table, builtIn);
          }
        });
    return new Rules(world.v6(), ImmutableMap.copyOf(chains), ImmutableMap.copyOf(policies));
  }

  /** Rules of nat alone, for datagrams. */
  Rules makeTranslations() {
    for (String hook : Rules.BUILT_IN.get("nat")) {
      chains.put("nat:" + hook, ImmutableList.of("-p udp" + targets.draw("nat", hook, "")));
    }
    return new Rules(world.v6(), ImmutableMap.copyOf(chains), ImmutableMap.of());
  }

  List<JsonObject> hints() {
    return hints;
  }

  private void table(String table, ImmutableList<String> builtIn) {
    for (String hook : builtIn) {
      if (dice.percent(30)) {
        continue;
      }
      int users = dice.percent(40) ? 1 + dice.below(3) : 0;
      chain(table, hook, hook, 0, users);
      for (int i = 1; i <= users; i++) {
        chain(table, hook + "_" + i, hook, i, users);
      }
      if (dice.percent(10)) {
        policies.put(table + ":" + hook, "DROP");
      }
    }
  }

  private void chain(String table, String chain, String hook, int depth, int users) {
    List<String> rules = new ArrayList<>();
    int count = dice.below(most + 1);
    for (int i = 0; i < count; i++) {
      rules.add(rule(table, hook, depth, users));
    }
    chains.put(table + ":" + chain, ImmutableList.copyOf(rules));
  }

  private String rule(String table, String hook, int depth, int users) {
    JsonObject.Builder hint = Json.object();
    StringBuilder text = new StringBuilder();
    addresses(text, hook, hint);
    String protocol = protocol(text, hint);
    int conditions = most > FEW ? dice.of(2, 3) : dice.of(0, 0, 1, 1, 1, 2, 3);
    for (int i = 0; i < conditions; i++) {
      String drawn = matches.draw(table, hook, protocol, hint);
      // the tool mixes up equal options of several matches
      boolean twice = drawn.contains("--mark") && text.indexOf("--mark") >= 0;
      text.append(twice ? "" : drawn);
    }
    if (depth < users && dice.percent(40)) {
      String next = hook + "_" + (depth + 1 + dice.below(users - depth));
      text.append(dice.percent(75) ? " -j " : " -g ").append(next);
    } else {
      text.append(targets.draw(table, hook, protocol));
    }
    hints.add(hint.build());
    return text.toString().trim();
  }

  private void addresses(StringBuilder text, String hook, JsonObject.Builder hint) {
    if (dice.percent(25)) {
      String address = dice.percent(50) ? world.any(dice) : dice.of(world.blocks());
      text.append(dice.not(25)).append("-s ").append(address).append(' ');
      aim(hint, "src", address);
    }
    if (dice.percent(25)) {
      String address = dice.percent(50) ? world.any(dice) : dice.of(world.blocks());
      text.append(dice.not(25)).append("-d ").append(address).append(' ');
      aim(hint, "dst", address);
    }
    if (DEVICES_IN.contains(hook) && dice.percent(20)) {
      String device = dice.of(world.devices());
      text.append(dice.not(25)).append("-i ").append(shorten(device)).append(' ');
      hint.put("iface", device.equals("lo") ? "eth0" : device);
    }
    if (DEVICES_OUT.contains(hook) && dice.percent(20)) {
      text.append(dice.not(25)).append("-o ").append(shorten(dice.of(world.devices()))).append(' ');
    }
    if (!world.v6() && dice.percent(3)) {
      text.append(dice.not(70)).append("-f ");
    }
  }

  private static void aim(JsonObject.Builder hint, String key, String address) {
    if (address.indexOf('/') < 0) {
      hint.put(key, address);
    }
  }

  private String shorten(String device) {
    return dice.percent(15) ? device.substring(0, dice.below(device.length())) + "+" : device;
  }

  private String protocol(StringBuilder text, JsonObject.Builder hint) {
    String icmp = world.v6() ? "ipv6-icmp" : "icmp";
    String protocol =
        dice.of("", "", "", "tcp", "tcp", "tcp", "tcp", "udp", "udp", icmp, "sctp", "gre");
    if (!protocol.isEmpty()) {
      boolean not = dice.percent(8);
      text.append(not ? "! " : "").append("-p ").append(protocol).append(' ');
      hint.put("proto", protocol);
      return not ? "" : protocol;
    }
    return "";
  }
}
