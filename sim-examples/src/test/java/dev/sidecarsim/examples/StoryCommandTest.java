package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoryCommandTest {

  @Test
  void theExperimentReadsAsItWasRead() {
    CommandRun run = CommandRun.of("story");

    assertThat(run.code()).as(run.err()).isZero();
    Golden.matches("story.txt", run.out());
  }

  @Test
  void programsReadTheSame() {
    CommandRun run = CommandRun.of("story", "-o", "json");
    JsonObject story = (JsonObject) JsonReader.read(run.out(), "stdout");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(story.objects("scenes"))
        .extracting(scene -> scene.objectOrEmpty("formation").bool("formed", false))
        .containsExactly(true, false, true, true);
    assertThat(story.objects("scenes"))
        .allSatisfy(scene -> assertThat(scene.objects("commands")).hasSizeGreaterThan(8));
  }

  @Test
  void anotherJvmPrintsTheSameBytes() throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-Duser.language=tr",
                    "-Dfile.encoding=ISO-8859-1",
                    Main.class.getName(),
                    "story"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] bytes = other.getInputStream().readAllBytes();

    assertThat(other.waitFor()).isZero();
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(CommandRun.of("story").out());
  }
}
