package dev.sidecarsim.examples;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code atlas}: one scenario under every release. */
@Command(
    name = "atlas",
    mixinStandardHelpOptions = true,
    description =
        "One connection, or whether an application forms, under every release from 1.7 to 1.30.",
    footer = {
      "",
      "Each release is asked with sidecars that pass what comes in to 127.0.0.1 and to the pod's"
          + " address, as far as it can be told to; from 1.22 in ambient mode; and once without a"
          + " mesh.",
      "Exit code: 0 all answers are equal, 1 they differ, 2 one cannot be told, 64 bad input."
    })
final class AtlasCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final ManifestOptions manifests = new ManifestOptions();

  @Mixin private final ScenarioOptions scenario = new ScenarioOptions();

  @Mixin private final FormatOption format = new FormatOption();

  AtlasCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (manifests.ambient()) {
      throw new BadInput("atlas shows ambient mode beside sidecars; leave --ambient out");
    }
    Scenario asked = scenario.scenario();
    Experiment experiment = Experiment.of(manifests, MeshVersion.NONE, console);
    Atlas atlas = Atlas.of(experiment, asked);
    console.out().print(format.json() ? atlas.json().pretty() + "\n" : atlas.text());
    return atlas.exitCode();
  }
}
