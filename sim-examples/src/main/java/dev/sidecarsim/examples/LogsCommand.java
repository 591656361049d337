package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.PodName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code logs}: what a container has written. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = {
      "What a container has written in its present life, or its last one, as kubectl logs.",
      "Time stamps are simulated time since 1970."
    })
final class LogsCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(
      paramLabel = "POD[/CONTAINER]",
      converter = Options.PodReader.class,
      description = "The pod, and its container if that is not the first.")
  private PodName pod = PodName.parse("-");

  @Mixin private final InstantOption instant = new InstantOption();

  @Mixin private final FormatOption format = new FormatOption();

  LogsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Experiment experiment = Experiment.of(cluster, console);
    World world = experiment.start(cluster.seed());
    world.perform(Cluster::keepOutput);
    world.runUntil(instant.seconds());
    String container = world.container(pod).name();
    ImmutableList<String> lines = world.cluster().output(world.pod(pod), container);
    experiment.tell(world);
    if (format.json()) {
      console.out().println(Json.array(lines.stream().map(Json::of).toList()).pretty());
    } else {
      lines.forEach(console.out()::println);
    }
    return ExitCode.FINE;
  }
}
