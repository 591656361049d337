package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents say is so. */
class ReadmeTest {

  private static final Path ROOT = Path.of("..");

  @Test
  void theProgramPrintsWhatStandsUnderIt(@TempDir Path folder)
      throws IOException, InterruptedException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    Path program = folder.resolve("Quorum.java");
    Files.writeString(program, block(readme, "java"));

    Process run =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-cp",
                    System.getProperty("java.class.path"),
                    program.toString()))
            .directory(ROOT.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] printed = run.getInputStream().readAllBytes();

    assertThat(run.waitFor()).isZero();
    assertThat(new String(printed, StandardCharsets.UTF_8)).isEqualTo(block(readme, "text"));
  }

  private static String block(String text, String language) {
    Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(text);
    assertThat(block.find()).as("a block of " + language).isTrue();
    return block.group(1);
  }

  @Test
  void everyCauseIsListed() throws IOException {
    String listed = Files.readString(ROOT.resolve("docs/causes.md"));
    Pattern code = Pattern.compile("(?:return|->) \"([A-Z][A-Z_0-9]+)\"");
    try (Stream<Path> files = Files.walk(ROOT)) {
      List<Path> causes =
          files.filter(file -> file.toString().matches(".*/src/main/.*Cause\\.java")).toList();
      assertThat(causes).hasSizeGreaterThan(3);
      for (Path file : causes) {
        code.matcher(Files.readString(file))
            .results()
            .forEach(found -> assertThat(listed).contains("`" + found.group(1) + "`"));
      }
    }
  }
}
