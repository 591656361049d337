package dev.sidecarsim.examples;

import picocli.CommandLine.Option;

/** The moment at which a command looks at the cluster. */
final class InstantOption {

  @Option(
      names = "--at",
      paramLabel = "SECONDS",
      converter = Options.SecondsReader.class,
      defaultValue = "60",
      description = "How long the cluster runs first. Default: ${DEFAULT-VALUE}.")
  private int at = 60;

  /** Simulated seconds since the start of the run. */
  int seconds() {
    return at;
  }
}
