package dev.sidecarsim.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.netfilter.DeadRules;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Ruleset;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Rules that are said to be dead are dead. */
class DeadRulesProperties {

  @Provide
  Arbitrary<String> rule() {
    Arbitrary<String> header =
        Arbitraries.of("", " -s 10.0.0.0/8", " ! -s 8.8.8.8", " ! -s 0.0.0.0/0", " -i eth0");
    Arbitrary<String> match =
        Arbitraries.of(
            "",
            " -p udp",
            " -p tcp --dport 80:90",
            " -p tcp -m multiport --dports 22,80",
            " -m state --state NEW",
            " -m mark --mark 0x1",
            " -m limit --limit 1/sec --limit-burst 1");
    Arbitrary<String> target =
        Arbitraries.of(
            "", " -j ACCEPT", " -j DROP", " -j RETURN", " -j U", " -g U", " -j MARK --set-mark 1");
    return Combinators.combine(header, match, target).as((h, m, t) -> h + m + t);
  }

  @Provide
  Arbitrary<List<String>> rules() {
    return rule().list().ofMinSize(2).ofMaxSize(6);
  }

  @Property
  void noPacketMeetsARuleThatIsSaidToBeDead(
      @ForAll("rules") List<String> input,
      @ForAll("rules") List<String> user,
      @ForAll boolean tcp,
      @ForAll boolean near) {
    StringBuilder text = new StringBuilder(DeadRulesTest.HEAD);
    input.forEach(rule -> text.append("-A INPUT").append(rule).append('\n'));
    user.forEach(rule -> text.append("-A U").append(rule.replace(" U", " V")).append('\n'));
    String rules = text.append("-A V -p udp -j ACCEPT\n-A V -p udp\nCOMMIT\n").toString();
    String packet =
        String.format(
            "{\"proto\":\"%s\",\"src\":\"%s\",\"dst\":\"10.244.1.7\",\"sport\":9,\"dport\":80}",
            tcp ? "tcp" : "udp", near ? "10.244.1.9" : "8.8.8.8");
    List<String> dead =
        DeadRules.of(Ruleset.restore(Family.IPV4, rules)).stream()
            .map(line -> '"' + line.split(" ", 2)[0] + '"')
            .toList();
    assertThat(trace(rules, packet)).doesNotContain(dead.toArray(String[]::new));
  }

  private static List<String> trace(String rules, String packet) {
    String env = "{\"ifaces\":{\"eth0\":[\"10.244.1.7/24\"]}}";
    JsonObject line =
        Json.object()
            .put("id", 0)
            .put("env", JsonReader.read(env, "env"))
            .put("ruleset", rules)
            .put("packets", Json.array(JsonReader.read(packet, "packet")))
            .build();
    JsonObject verdict =
        (JsonObject) NetfilterCase.answer(line, false).json().array("verdicts").get(0);
    return verdict.array("trace").stream().map(Json::compact).toList();
  }
}
