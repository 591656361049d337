package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What iptables-restore takes and what it refuses. */
class RefusalsTest {

  private static final Pattern TABLE = Pattern.compile("^-t (\\S+) (.*)$");

  @Test
  void refusesTheRecordedCommandsThatLegacyIptablesRefuses() throws IOException {
    String folder = System.getProperty("sidecarsim.data", "");
    assumeFalse(folder.isBlank(), "no recorded refusals: -Dsidecarsim.data names no folder");
    List<String> differences = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(folder, "iptables-refusals-sample.jsonl"))) {
      JsonObject recorded = (JsonObject) JsonReader.read(line, "refusals");
      String command = recorded.requireString("args");
      boolean taken = recorded.objectOrEmpty("legacy").integer("rc").orElseThrow() == 0;
      String why = refusal(command);
      if (taken != why.isEmpty()) {
        differences.add(command + ": " + (taken ? "refused: " + why : "taken"));
      }
    }
    assertThat(differences).isEmpty();
  }

  /** The commands were given one after another, with chains U1, U2, U3 already there. */
  private static String refusal(String command) {
    Matcher table = TABLE.matcher(command);
    boolean named = table.matches();
    String name = named ? table.group(1) : "filter";
    String rest = named ? table.group(2) : command;
    String chains =
        rest.startsWith("-N") ? "" : ":U1 - [0:0]\n:U2 - [0:0]\n:U3 - [0:0]\n-A U2 -j U1\n";
    try {
      Ruleset.restore(Family.IPV4, "*" + name + "\n" + chains + rest + "\nCOMMIT\n");
      return "";
    } catch (RulesetException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void namesTheLineOfAJumpToAMissingChain() {
    assertThatThrownBy(
            () -> Ruleset.restore(Family.IPV4, "*nat\n:A - [0:0]\n-A PREROUTING -j B\nCOMMIT\n"))
        .isInstanceOf(RulesetException.class)
        .hasMessageContaining("line 3")
        .hasMessageContaining("B");
  }

  @Test
  void refusesACircleThatPacketsCanReachAndTakesOneThatTheyCannot() {
    String chains = "*filter\n:A - [0:0]\n:B - [0:0]\n-A A -j B\n-A B -j A\n";
    assertThat(Ruleset.restore(Family.IPV4, chains + "COMMIT\n").toString()).contains("-A B -j A");
    assertThatThrownBy(() -> Ruleset.restore(Family.IPV4, chains + "-A INPUT -j A\nCOMMIT\n"))
        .hasMessageContaining("circle");
  }

  @Test
  void checksHooksOnlyOfRulesThatPacketsCanReach() {
    String owner = "-A INPUT -m owner --uid-owner 0 -j DROP\n";
    assertThatThrownBy(() -> Ruleset.restore(Family.IPV4, "*filter\n" + owner + "COMMIT\n"))
        .hasMessageContaining("line 2");
    assertThat(
            Ruleset.restore(Family.IPV4, "*filter\n-A INPUT -j ACCEPT\n" + owner + "COMMIT\n")
                .tableNames())
        .containsExactly(TableName.FILTER);
  }

  @Test
  void readsOldDumpsAndSaysWhatItReadOtherwise() {
    String dump = "hostname\r\n*filter\r\n[1:60] -A INPUT -s ! 10.0.0.1 -j ACCEPT\r\nCOMMIT\r\n";
    Ruleset read = Ruleset.dump(Family.IPV4, dump);
    assertThat(read.toString()).contains("-A INPUT ! -s 10.0.0.1/32 -j ACCEPT");
    assertThat(read.remarks()).hasSize(2);
    assertThatThrownBy(() -> Ruleset.restore(Family.IPV4, dump)).hasMessageContaining("line 1");
  }
}
