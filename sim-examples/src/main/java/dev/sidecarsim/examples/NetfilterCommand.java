package dev.sidecarsim.examples;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the kernel would do with packets. */
@Command(
    name = "netfilter",
    mixinStandardHelpOptions = true,
    description = "What the kernel would do with packets, given iptables rules.",
    synopsisSubcommandLabel = "COMMAND")
final class NetfilterCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command given; sidecar-sim netfilter --help lists them");
  }
}
