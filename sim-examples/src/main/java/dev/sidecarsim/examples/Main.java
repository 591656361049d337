package dev.sidecarsim.examples;

import dev.sidecarsim.json.InputException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "sidecar-sim",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Who reaches whom through sidecars, what each side sees, and what decided it.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  public static void main(String[] args) {
    // The same run prints the same wherever it runs.
    Locale.setDefault(Locale.ROOT);
    Console console = Console.ofProcess();
    int code = run(console, args);
    console.out().flush();
    System.exit(code);
  }

  /** Runs one command line and says its exit code. */
  static int run(Console console, String... args) {
    CommandLine line = commands(console);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((fault, unused) -> usage(console, fault));
    line.setExecutionExceptionHandler((fault, unused, parsed) -> failed(console, fault));
    return line.execute(args);
  }

  private static CommandLine commands(Console console) {
    CommandLine netfilter = new CommandLine(new NetfilterCommand());
    netfilter.addSubcommand(new NetfilterEvalCommand(console));
    netfilter.addSubcommand(new NetfilterExplainCommand(console));
    return new CommandLine(new Main())
        .addSubcommand(new StoryCommand(console))
        .addSubcommand(new QuorumCommand(console))
        .addSubcommand(new RollingCommand(console))
        .addSubcommand(new TraceCommand(console))
        .addSubcommand(new ExecCommand(console))
        .addSubcommand(new NetstatCommand(console))
        .addSubcommand(new LogsCommand(console))
        .addSubcommand(ProxyConfigCommand.line(console))
        .addSubcommand(new GraphCommand(console))
        .addSubcommand(new AtlasCommand(console))
        .addSubcommand(new BisectCommand(console))
        .addSubcommand(netfilter)
        .addSubcommand(EnvoyCommand.line(console))
        .addSubcommand(RulesCommand.line(console));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command given; sidecar-sim --help lists them");
  }

  private static int usage(Console console, ParameterException fault) {
    String command = fault.getCommandLine().getCommandSpec().qualifiedName();
    String what = String.valueOf(fault.getMessage());
    console.note(what.contains("--help") ? what : what + "; see " + command + " --help");
    return ExitCode.BAD_INPUT;
  }

  private static int failed(Console console, Exception fault) {
    if (fault instanceof InputException) {
      console.note(String.valueOf(fault.getMessage()));
      return ExitCode.BAD_INPUT;
    }
    console.note("a fault of this program, please report it: " + fault);
    fault.printStackTrace(console.err());
    return ExitCode.BUG;
  }
}
