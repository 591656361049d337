package dev.sidecarsim.examples;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.kube.PodName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code exec}: an application's status command, run inside a pod. */
@Command(
    name = "exec",
    mixinStandardHelpOptions = true,
    description = "Runs a command in a pod, as kubectl exec does: an application's own status.",
    footer = {
      "",
      "Such as: exec -f redis.yaml --istio 1.10.0 redis-0 -- redis-cli info replication",
      "Exit code: that of the command; 2 if it is not modelled, 64 bad input."
    })
final class ExecCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final InstantOption instant = new InstantOption();

  @Mixin private final FormatOption format = new FormatOption();

  @Parameters(
      index = "0",
      paramLabel = "POD",
      converter = Options.PodReader.class,
      description = "The pod, with /CONTAINER behind it if it is not the first.")
  private PodName pod = PodName.parse("-");

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "Its words.")
  private List<String> command = new ArrayList<>();

  ExecCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Experiment experiment = Experiment.of(cluster, console);
    World world = experiment.start(cluster.seed());
    world.runUntil(instant.seconds());
    int assumed = world.cluster().assumptions().size();
    ExecResult result = world.exec(pod, command);
    experiment.tell(world);
    if (world.cluster().assumptions().size() > assumed) {
      return ExitCode.UNKNOWN;
    }
    console
        .out()
        .print(
            format.json()
                ? Json.object()
                        .put("exitCode", result.exitCode())
                        .put("output", result.output())
                        .build()
                        .pretty()
                    + "\n"
                : result.output());
    return result.exitCode();
  }
}
