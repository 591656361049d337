package dev.sidecarsim.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.sidecarsim.host.NetfilterCase;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small cases in which the model once said something else than the kernel. {@link
 * KernelConformanceTest} prints such a line for every difference that it finds.
 */
class RecordedAnswersTest {

  static List<String> answers() throws IOException {
    String text =
        Resources.toString(
            Resources.getResource(RecordedAnswersTest.class, "answers.jsonl"),
            StandardCharsets.UTF_8);
    return Splitter.on('\n').omitEmptyStrings().splitToList(text);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void theModelSaysWhatTheKernelSaid(String line) {
    JsonObject recorded = (JsonObject) JsonReader.read(line, "answers.jsonl");
    List<JsonObject> kernel = recorded.objects("verdicts");
    List<JsonObject> model = NetfilterCase.answer(recorded, false).json().objects("verdicts");
    assertThat(model).as("%s", recorded.string("note", "")).hasSameSizeAs(kernel);
    for (int i = 0; i < kernel.size(); i++) {
      JsonObject sent = recorded.objects("packets").get(i);
      Comparison both = Comparison.of(sent, kernel.get(i), model.get(i));
      assertThat(both.modelSaid()).as("packet %s", i).isEqualTo(both.kernelSaid());
    }
  }
}
