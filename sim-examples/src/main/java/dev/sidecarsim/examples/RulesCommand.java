package dev.sidecarsim.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Rules that lead a pod's traffic through the mesh. */
@Command(
    name = "rules",
    mixinStandardHelpOptions = true,
    description = "The iptables rules that lead a pod's traffic through the mesh.",
    synopsisSubcommandLabel = "COMMAND")
final class RulesCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** This command with its subcommands. */
  static CommandLine line(Console console) {
    return new CommandLine(new RulesCommand()).addSubcommand(new RulesGenerateCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command given; sidecar-sim rules --help lists them");
  }
}
