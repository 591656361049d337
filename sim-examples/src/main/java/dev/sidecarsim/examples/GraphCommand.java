package dev.sidecarsim.examples;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.render.ServiceGraph;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code graph}: who can reach which Service, with padlocks. */
@Command(
    name = "graph",
    mixinStandardHelpOptions = true,
    description =
        "Who can reach which Service: one pod of each workload calls every TCP port of every"
            + " Service until each of its pods was tried. A padlock stands where nobody on the way"
            + " can read along.")
final class GraphCommand implements Callable<Integer> {

  /** How the graph is printed. */
  enum GraphFormat {
    TEXT,
    JSON,
    MERMAID,
    DOT
  }

  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final InstantOption instant = new InstantOption();

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "text, json, mermaid or dot. Default: text.")
  private GraphFormat format = GraphFormat.TEXT;

  GraphCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Experiment experiment = Experiment.of(cluster, console);
    World world = experiment.start(cluster.seed());
    world.runUntil(instant.seconds());
    ServiceGraph graph = new GraphMaker(world).draw();
    experiment.tell(world);
    console
        .out()
        .print(
            switch (format) {
              case TEXT -> graph.text();
              case JSON -> json(graph).pretty() + "\n";
              case MERMAID -> graph.mermaid();
              case DOT -> graph.dot();
            });
    return ExitCode.FINE;
  }

  static Json json(ServiceGraph graph) {
    return Json.array(
        graph.edges().stream()
            .map(
                edge ->
                    Json.object()
                        .put("from", edge.from())
                        .put("to", edge.to())
                        .put("port", edge.port())
                        .put("mtls", edge.secured())
                        .put("reached", edge.reached())
                        .put("of", edge.pods())
                        .build())
            .toList());
  }
}
