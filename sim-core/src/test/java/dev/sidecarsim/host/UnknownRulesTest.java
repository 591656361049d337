package dev.sidecarsim.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A verdict that hangs on a rule that is not modelled is unknown; every other one is not. */
class UnknownRulesTest {

  private static final String ENV =
      "{'ifaces':{'eth0':['10.0.0.2/24']},'routes':['default via 10.0.0.1 dev eth0']}";

  private static final String CALL =
      "{'proto':'tcp','src':'8.8.8.8','sport':4000,'dst':'10.0.0.2','dport':80}";

  private static final String U = " -m string --string x --algo bm ";

  /** Rules of filter INPUT behind commas, % for a match that is not modelled. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "% -j DROP | unknown | filter:INPUT:1",
        "% -j ACCEPT | unknown | filter:INPUT:1",
        "% -j RETURN | unknown | filter:INPUT:1",
        "% -j REJECT | unknown | filter:INPUT:1",
        "% -j C | unknown | filter:INPUT:1",
        "% -g C | unknown | filter:INPUT:1",
        "% -j MARK --set-mark 1 | unknown | filter:INPUT:1",
        "-j ACCEPT, % -j DROP | deliver | ''",
        "-j DROP, % -j ACCEPT | drop | filter:INPUT:1",
        "-p udp % -j DROP | deliver | ''",
        "-s 9.9.9.9 % -j DROP, -j DROP | drop | filter:INPUT:2",
        "% -m mark --mark 5 -j DROP | deliver | ''",
        "% -p tcp -m tcp --dport 81 -j DROP | deliver | ''",
        "% -p tcp -m tcp --dport 80 -j DROP | unknown | filter:INPUT:1",
        "%, -j DROP | drop | filter:INPUT:2",
        "% -j LOG, -j DROP | drop | filter:INPUT:2",
        "% -m limit --limit 1/s -j LOG, -j DROP | drop | filter:INPUT:2",
        "% -m recent --set --name bad, -j ACCEPT | unknown | filter:INPUT:1",
        "-m recent --set --name bad %, -m recent --rcheck --name bad -j DROP | drop | filter:INPUT:2",
        "-j TEE --gateway 10.0.0.9, -j DROP | drop | filter:INPUT:2",
        "-j LED --led-trigger-id x, -j DROP | unknown | filter:INPUT:1",
        "-j NFQUEUE | unknown | filter:INPUT:1",
        "-j SET --add-set s src, -j DROP | unknown | filter:INPUT:1",
        "-j HMARK --hmark-mod 2, -j DROP | unknown | filter:INPUT:1",
        "-j C, -j DROP | unknown | filter:C:2",
        "-p udp -j C, -j DROP | drop | filter:INPUT:2",
        "-m set --match-set other src -j DROP | unknown | filter:INPUT:1",
      })
  void isUnknownOnlyWhereItHangsOnIt(String rules, String verdict, String at) {
    StringBuilder text = new StringBuilder("*filter\n:C - [0:0]\n");
    for (String rule : Splitter.on(", ").split(rules)) {
      text.append("-A INPUT ").append(rule.replace("%", U)).append('\n');
    }
    text.append("-A C -p udp -j ACCEPT\n-A C ").append(U).append(" -j RETURN\nCOMMIT\n");
    JsonObject got = verdicts(text.toString(), CALL).get(0);
    assertThat(got.string("verdict")).contains(verdict);
    assertThat(got.string("at", "")).isEqualTo(at);
  }

  @ParameterizedTest
  @CsvSource({"raw,PREROUTING", "mangle,PREROUTING", "nat,PREROUTING", "mangle,INPUT", "nat,INPUT"})
  void namesTheTable(String table, String chain) {
    String rules = "*" + table + "\n-A " + chain + U + "-j ACCEPT\nCOMMIT\n";
    assertThat(verdicts(rules, CALL).get(0).string("at")).contains(table + ":" + chain + ":1");
  }

  @Test
  void knowsThatLaterPacketsOfAConnectionMeetNoNatRule() {
    String rules = "*nat\n-A PREROUTING" + U + "-j REDIRECT\nCOMMIT\n";
    String later = CALL.replace("}", ",'flags':'A','ct':'ESTABLISHED'}");
    assertThat(verdicts(rules, later).get(0).string("verdict")).contains("deliver");
  }

  @Test
  void leavesOpenWhatFollowsAnUnknownPacketOfTheSameConnection() {
    String rules = "*filter\n-A INPUT" + U + "-j DROP\nCOMMIT\n";
    String answer =
        "{'dir':'out','proto':'tcp','src':'10.0.0.2','sport':80,'dst':'8.8.8.8','dport':4000,"
            + "'flags':'SA','ct':'KEEP','reply_of':0}";
    String other = "{'dir':'out','proto':'udp','src':'10.0.0.2','dst':'8.8.8.8','dport':53}";
    List<JsonObject> got = verdicts(rules, CALL, answer, answer, other, answer);
    assertThat(got)
        .extracting(v -> v.string("verdict", ""))
        .containsExactly("unknown", "unknown", "unknown", "send", "send");
    assertThat(got.get(1).string("at")).contains("filter:INPUT:1");
    assertThat(got.get(4).string("ct")).contains("INVALID");
  }

  @Test
  void saysThatTheFateOfAnAnswerIsUnknown() {
    String rules = "*filter\n-A INPUT -j REJECT\n-A OUTPUT" + U + "-j DROP\nCOMMIT\n";
    NetfilterCase.Answer answer = answer(rules, CALL);
    assertThat(answer.unknown()).isTrue();
    assertThat(answer.json().compact()).contains("\"verdict\":\"reject\"", "\"fate\":\"unknown\"");
  }

  private static List<JsonObject> verdicts(String rules, String... packets) {
    List<JsonObject> verdicts = new ArrayList<>();
    answer(rules, packets).json().array("verdicts").forEach(v -> verdicts.add((JsonObject) v));
    return verdicts;
  }

  private static NetfilterCase.Answer answer(String rules, String... packets) {
    List<Json> read = new ArrayList<>();
    for (String packet : packets) {
      read.add(JsonReader.read(packet.replace('\'', '"'), "packet"));
    }
    JsonObject line =
        Json.object()
            .put("id", 0)
            .put("env", JsonReader.read(ENV.replace('\'', '"'), "env"))
            .put("ruleset", rules)
            .put("packets", Json.array(read))
            .build();
    return NetfilterCase.answer(line, true);
  }
}
