package dev.sidecarsim.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the shipped manifests are: {@code -f} as the tests write it. */
final class Manifest {

  private static final String FOLDER = "src/main/resources/manifests/";

  private Manifest() {}

  /** {@code zookeeper.yaml strict.yaml} as {@code -f PATH -f PATH}. */
  static String options(String files) {
    StringBuilder options = new StringBuilder();
    for (String file : files.split(" ", -1)) {
      options.append("-f ").append(FOLDER).append(file).append(' ');
    }
    return options.toString();
  }

  static String text(String file) {
    try {
      return Files.readString(Path.of(FOLDER + file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command on manifests that it reads from standard input. */
  static CommandRun runOn(String manifests, String command, String options) {
    return CommandRun.withInput(manifests, (command + " -f - " + options).split(" ", -1));
  }

  static CommandRun run(String command, String files, String options) {
    return CommandRun.of((command + " " + options(files) + options).split(" ", -1));
  }
}
