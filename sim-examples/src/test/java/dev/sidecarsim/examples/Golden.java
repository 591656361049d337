package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Long texts that a person has read once and that must not change unread.
 *
 * <p>{@code mvn test -Dsidecarsim.golden=rewrite} writes what is printed now; read the difference
 * before it is committed.
 */
final class Golden {

  private static final Path FOLDER = Path.of("src", "test", "resources", "golden");

  private Golden() {}

  static void matches(String name, String actual) {
    matches(FOLDER.resolve(name), actual);
  }

  /** A page of the documents that is written by the program. */
  static void document(String name, String actual) {
    matches(Path.of("..", "docs").resolve(name), actual);
  }

  private static void matches(Path file, String actual) {
    try {
      if ("rewrite".equals(System.getProperty("sidecarsim.golden"))) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual).as(file.toString()).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
