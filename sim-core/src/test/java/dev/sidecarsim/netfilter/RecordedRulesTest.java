package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Restore files of {@link LegacyToolsTest}'s grammar, with the line at which iptables-restore 1.8.9
 * (legacy) refused each, or what iptables-save then printed: for machines where nobody can ask.
 */
class RecordedRulesTest {

  static List<String> files() throws IOException {
    String text =
        Resources.toString(
            Resources.getResource(RecordedRulesTest.class, "restored.jsonl"),
            StandardCharsets.UTF_8);
    return Splitter.on('\n').omitEmptyStrings().splitToList(text);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("files")
  void readsAndPrintsAsTheToolDid(String line) {
    JsonObject recorded = (JsonObject) JsonReader.read(line, "restored.jsonl");
    LegacyTools.Answer answer =
        new LegacyTools.Answer(recorded.string("refused", ""), recorded.string("saved", ""));
    Family family = Family.valueOf(recorded.requireString("family"));
    String rules = recorded.requireString("rules");
    assertThat(LegacyToolsTest.difference(family, rules, answer)).as(rules).isEmpty();
  }
}
