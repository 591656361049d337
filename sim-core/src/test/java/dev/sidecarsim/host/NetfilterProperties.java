package dev.sidecarsim.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Ruleset;
import dev.sidecarsim.netfilter.RulesetException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every rule set. */
class NetfilterProperties {

  private static final String ENV =
      "{\"ifaces\":{\"eth0\":[\"10.244.1.7/24\"]},\"routes\":[\"default via 10.244.1.1 dev eth0\"]}";

  @Provide
  Arbitrary<String> rule() {
    Arbitrary<String> source = Arbitraries.of("", " -s 10.0.0.0/8", " ! -s 8.8.8.8/32");
    Arbitrary<String> match =
        Arbitraries.of(
            "",
            " -p udp",
            " -p tcp -m tcp --dport 80:90",
            " -p tcp -m tcp ! --dport 22",
            " -p tcp -m multiport --dports 22,80",
            " -m conntrack --ctstate NEW",
            " -m mark --mark 0x1/0xff");
    Arbitrary<String> target =
        Arbitraries.of("", " -j ACCEPT", " -j DROP", " -j RETURN", " -j U", " -g U");
    return net.jqwik.api.Combinators.combine(source, match, target).as((s, m, t) -> s + m + t);
  }

  @Provide
  Arbitrary<List<String>> rules() {
    return rule().list().ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> packet() {
    Arbitrary<String> proto = Arbitraries.of("tcp", "udp");
    Arbitrary<String> src = Arbitraries.of("10.244.1.9", "8.8.8.8", "198.51.100.7");
    Arbitrary<Integer> dport = Arbitraries.of(22, 79, 80, 90, 91);
    return net.jqwik.api.Combinators.combine(proto, src, dport)
        .as(
            (p, s, d) ->
                "{\"proto\":\""
                    + p
                    + "\",\"src\":\""
                    + s
                    + "\",\"dst\":\"10.244.1.7\",\"sport\":40000,\"dport\":"
                    + d
                    + "}");
  }

  private static String filter(List<String> input, List<String> user) {
    StringBuilder text = new StringBuilder("*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n");
    text.append(":OUTPUT ACCEPT [0:0]\n:U - [0:0]\n");
    input.forEach(rule -> text.append("-A INPUT").append(rule).append('\n'));
    user.forEach(rule -> text.append("-A U").append(rule.replaceAll(" -[jg] U$", "")).append('\n'));
    return text.append("COMMIT\n").toString();
  }

  private static JsonObject verdict(String ruleset, String packet) {
    JsonObject line =
        Json.object()
            .put("id", 0)
            .put("env", JsonReader.read(ENV, "env"))
            .put("ruleset", ruleset)
            .put("packets", Json.array(JsonReader.read(packet, "packet")))
            .build();
    return (JsonObject) NetfilterCase.answer(line, false).json().array("verdicts").get(0);
  }

  @Property
  void printingAndReadingIsTheIdentity(
      @ForAll("rules") List<String> input, @ForAll("rules") List<String> user) {
    String text = filter(input, user);
    assertThat(Ruleset.restore(Family.IPV4, text)).hasToString(text);
  }

  @Property
  void rulesBehindACatchAllChangeNothing(
      @ForAll("rules") List<String> input,
      @ForAll("rules") List<String> user,
      @ForAll("rule") String last,
      @ForAll("packet") String packet) {
    List<String> closed = new ArrayList<>(input);
    closed.add(" -j ACCEPT");
    List<String> longer = new ArrayList<>(closed);
    longer.add(last);
    assertThat(verdict(filter(longer, user), packet))
        .isEqualTo(verdict(filter(closed, user), packet));
  }

  @Property
  void removingARuleThatDidNotMatchChangesNoVerdict(
      @ForAll("rules") List<String> input,
      @ForAll("rules") List<String> user,
      @ForAll("packet") String packet) {
    JsonObject before = verdict(filter(input, user), packet);
    String trace = before.array("trace").toString() + ",";
    for (int i = 0; i < input.size(); i++) {
      if (!trace.contains("filter:INPUT:" + (i + 1) + "\"")) {
        List<String> fewer = new ArrayList<>(input);
        fewer.remove(i);
        assertThat(verdict(filter(fewer, user), packet).string("verdict"))
            .isEqualTo(before.string("verdict"));
      }
    }
  }

  /**
   * Jumps lead from chain to chain as they like; what loads has no loop, so a packet meets a rule
   * at most once for each way that leads to it.
   */
  @Property
  void everyWalkThroughRulesThatLoadEnds(
      @ForAll("jumps") List<String> jumps, @ForAll("packet") String packet) {
    StringBuilder text = new StringBuilder("*filter\n:INPUT ACCEPT\n");
    CHAINS.forEach(chain -> text.append(':').append(chain).append(" -\n"));
    jumps.forEach(jump -> text.append(jump).append('\n'));
    String ruleset = text.append("COMMIT\n").toString();
    boolean loops;
    try {
      Ruleset.restore(Family.IPV4, ruleset);
      loops = false;
    } catch (RulesetException e) {
      loops = true;
    }
    assertThat(loops).isEqualTo(reachesItself("INPUT", jumps, new ArrayList<>()));
    if (!loops) {
      assertThat(verdict(ruleset, packet).string("verdict")).contains("deliver");
    }
  }

  private static final List<String> CHAINS = List.of("A", "B", "C", "D");

  @Provide
  Arbitrary<List<String>> jumps() {
    Arbitrary<String> from = Arbitraries.of("INPUT", "A", "B", "C", "D");
    Arbitrary<String> how = Arbitraries.of(" -j ", " -g ", " -p tcp -j ");
    return net.jqwik.api.Combinators.combine(from, how, Arbitraries.of(CHAINS))
        .as((f, h, t) -> "-A " + f + h + t)
        .list()
        .ofMaxSize(7);
  }

  /** Whether some way from a chain comes back to a chain that it has left. */
  private static boolean reachesItself(String chain, List<String> jumps, List<String> way) {
    if (way.contains(chain)) {
      return true;
    }
    List<String> longer = new ArrayList<>(way);
    longer.add(chain);
    return jumps.stream()
        .filter(jump -> jump.startsWith("-A " + chain + " "))
        .anyMatch(jump -> reachesItself(jump.substring(jump.length() - 1), jumps, longer));
  }

  @Property
  void anAnswerCarriesTheAddressThatWasCalled(
      @ForAll("packet") String packet, @ForAll boolean redirect) {
    String target =
        redirect ? "REDIRECT --to-ports 15006" : "DNAT --to-destination 10.244.1.7:15006";
    String rules = "*nat\n-A PREROUTING -p tcp -j " + target + "\nCOMMIT\n";
    JsonObject call = (JsonObject) JsonReader.read(packet.replace("udp", "tcp"), "packet");
    JsonObject answer =
        Json.object()
            .put("proto", "tcp")
            .put("dir", "out")
            .put("ct", "KEEP")
            .put("flags", "SA")
            .put("src", "10.244.1.7")
            .put("sport", 15006)
            .put("dst", call.requireString("src"))
            .put("dport", call.integer("sport").orElseThrow())
            .build();
    JsonObject line =
        Json.object()
            .put("id", 0)
            .put("env", JsonReader.read(ENV, "env"))
            .put("ruleset", rules)
            .put("packets", Json.array(call, answer))
            .build();
    List<Json> verdicts = NetfilterCase.answer(line, false).json().array("verdicts");
    assertThat(((JsonObject) verdicts.get(0)).integer("dport")).contains(15006L);
    JsonObject sent = (JsonObject) verdicts.get(1);
    assertThat(sent.string("src")).contains(call.requireString("dst"));
    assertThat(sent.integer("sport")).isEqualTo(call.integer("dport"));
  }
}
