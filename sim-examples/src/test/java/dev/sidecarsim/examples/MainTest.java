package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @Test
  void helpAndVersionAreAnswers() {
    assertThat(CommandRun.of("--help").code()).isZero();
    assertThat(CommandRun.of("--help").out()).startsWith("Usage: sidecar-sim");
    assertThat(CommandRun.of("--version").out()).matches("sidecar-sim \\d+\\.\\d+\\.\\d+\\S*\\R");
  }

  @Test
  void helpTellsWholeSentences() {
    String commands = CommandRun.of("--help").out().replaceAll("(?s).*Commands:", "");
    // A command's name stands after two blanks; what follows is its description.
    for (String command : commands.split("\\R  (?=\\S)", -1)) {
      if (!command.isBlank()) {
        assertThat(command.strip()).as("the help on commands").matches("(?s).*[.?]");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "frobnicate", "--frobnicate"})
  void whatNoCommandAnswersIsBadUsage(String argument) {
    CommandRun run = argument.isEmpty() ? CommandRun.of() : CommandRun.of(argument);

    assertThat(run.code()).isEqualTo(64);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("sidecar-sim: ").hasLineCount(1);
  }
}
