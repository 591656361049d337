package dev.sidecarsim.examples;

import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that choose a scenario: a connection, or whether an application forms. */
final class ScenarioOptions {

  @Mixin private final CallOptions call = new CallOptions();

  @Mixin private final InstantOption instant = new InstantOption();

  @Option(
      names = "--app",
      paramLabel = "NAME",
      description = "Without --from and --to: the application, if there are several.")
  private Optional<String> app = Optional.empty();

  @Option(
      names = "--until",
      paramLabel = "SECONDS",
      defaultValue = "180",
      converter = Options.SecondsReader.class,
      description = "Without --from and --to: how long it has to form. Default: ${DEFAULT-VALUE}.")
  private int until = 180;

  Scenario scenario() {
    return call.given()
        ? new Scenario.Connection(call.question(), call.bytes(), instant.seconds())
        : new Scenario.Quorum(app, until);
  }
}
