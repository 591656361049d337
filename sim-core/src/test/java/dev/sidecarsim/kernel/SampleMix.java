package dev.sidecarsim.kernel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Puts the tables, rules and packets of recorded cases of one host together anew. */
final class SampleMix {

  private static final int PACKETS = 16;

  /** Fields that a packet may take over from another one of its direction. */
  private static final ImmutableList<String> FIELDS =
      ImmutableList.of("src", "dst", "sport", "dport", "uid", "gid", "iface", "mark", "ttl", "tos");

  private record Recorded(Rules rules, ImmutableList<JsonObject> packets) {}

  private final World world;
  private final List<Recorded> cases = new ArrayList<>();

  private SampleMix(World world) {
    this.world = world;
  }

  /** One for each host of the recorded cases. */
  static ImmutableList<SampleMix> read(Path file) throws IOException {
    Map<String, SampleMix> all = new LinkedHashMap<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JsonObject recorded = (JsonObject) JsonReader.read(line, file.toString());
        JsonObject env = recorded.objectOrEmpty("env");
        all.computeIfAbsent(env.compact(), key -> new SampleMix(World.of(env))).add(recorded);
      }
    }
    return ImmutableList.copyOf(all.values());
  }

  World world() {
    return world;
  }

  private void add(JsonObject recorded) {
    List<JsonObject> packets = new ArrayList<>();
    for (JsonObject packet : recorded.objects("packets")) {
      // a packet that depends on one before it is drawn anew
      if (!packet.string("ct", "").equals("KEEP")) {
        packets.add(packet);
      }
    }
    Rules rules = Rules.of(recorded.requireString("ruleset"));
    int size = rules.chains().values().stream().mapToInt(List::size).sum();
    if (!packets.isEmpty() && size < 300) {
      cases.add(new Recorded(rules, ImmutableList.copyOf(packets)));
    }
  }

  Case draw(long seed) {
    Dice dice = new Dice(seed);
    Recorded one = dice.of(cases);
    Recorded other = dice.of(cases);
    PacketMaker maker = new PacketMaker(world, dice, List.of());
    return Case.fill(
        new Case(world, rules(dice, one.rules, other.rules), ImmutableList.of()),
        PACKETS,
        dice,
        maker,
        () -> packet(dice, dice.of(one, other).packets()));
  }

  private static Rules rules(Dice dice, Rules one, Rules other) {
    Map<String, ImmutableList<String>> chains = new LinkedHashMap<>();
    Map<String, String> policies = new LinkedHashMap<>();
    for (String table : Rules.BUILT_IN.keySet()) {
      Rules from = dice.percent(50) ? one : other;
      from.chains()
          .forEach(
              (key, rules) -> {
                if (key.startsWith(table + ":")) {
                  chains.put(key, change(dice, rules));
                }
              });
      from.policies()
          .forEach(
              (key, policy) -> {
                if (key.startsWith(table + ":")) {
                  policies.put(key, policy);
                }
              });
    }
    return new Rules(false, ImmutableMap.copyOf(chains), ImmutableMap.copyOf(policies));
  }

  /** Leaves out a rule, or moves one to another place. */
  private static ImmutableList<String> change(Dice dice, List<String> rules) {
    List<String> changed = new ArrayList<>(rules);
    while (!changed.isEmpty() && dice.percent(40)) {
      String rule = changed.remove(dice.below(changed.size()));
      if (dice.percent(50)) {
        changed.add(dice.below(changed.size() + 1), rule);
      }
    }
    return ImmutableList.copyOf(changed);
  }

  private static JsonObject packet(Dice dice, List<JsonObject> packets) {
    JsonObject packet = dice.of(packets);
    JsonObject other = dice.of(packets);
    JsonObject.Builder out = Json.object();
    boolean alike = packet.string("dir", "in").equals(other.string("dir", "in"));
    packet
        .members()
        .forEach(
            (key, value) -> {
              if (!key.equals("id") && !(key.equals("mark") && isIn(packet))) {
                boolean take = alike && FIELDS.contains(key) && dice.percent(25);
                Json drawn = take ? other.get(key).orElse(value) : value;
                // no socket takes what is sent to port 0, so that the kernel itself would answer
                out.put(key, key.equals("dport") && drawn.equals(Json.of(0)) ? Json.of(1) : drawn);
              }
            });
    return out.build();
  }

  private static boolean isIn(JsonObject packet) {
    return packet.string("dir", "in").equals("in");
  }
}
