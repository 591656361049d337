package dev.sidecarsim.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a real Envoy does with connections, by its own configuration. */
@Command(
    name = "envoy",
    mixinStandardHelpOptions = true,
    description = "What a real Envoy does with connections, given its config_dump.",
    synopsisSubcommandLabel = "COMMAND")
final class EnvoyCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  static CommandLine line(Console console) {
    return new CommandLine(new EnvoyCommand()).addSubcommand(new EnvoyMatchCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command given; sidecar-sim envoy --help lists them");
  }
}
