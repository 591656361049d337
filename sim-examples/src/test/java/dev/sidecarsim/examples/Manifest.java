package dev.sidecarsim.examples;

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

  static CommandRun run(String command, String files, String options) {
    return CommandRun.of((command + " " + options(files) + options).split(" ", -1));
  }
}
