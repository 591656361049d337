package dev.sidecarsim.examples;

import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorum}: does the clustered application form? */
@Command(
    name = "quorum",
    mixinStandardHelpOptions = true,
    description = "Does the clustered application form within the time?",
    footer = {
      "",
      "Exit code: 0 it serves at the end, 1 it does not, 2 it cannot be told, 64 bad input.",
      "With --kill: 0 if it serves again after the kill in the run of every seed."
    })
final class QuorumCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--until",
      paramLabel = "SECONDS",
      defaultValue = "180",
      converter = Options.SecondsReader.class,
      description = "How long the run lasts, in simulated seconds. Default: ${DEFAULT-VALUE}.")
  private int until = 180;

  @Option(
      names = "--app",
      paramLabel = "NAME",
      description = "The application, if there are several: the name of its StatefulSet.")
  private Optional<String> app = Optional.empty();

  @Option(
      names = "--kill",
      paramLabel = "POD@SECONDS",
      converter = Kill.Reader.class,
      description = "Kills a process, as leader@60, and measures how long nobody serves.")
  private Optional<Kill> kill = Optional.empty();

  @Option(
      names = "--seeds",
      paramLabel = "FROM-TO",
      converter = SeedRange.Reader.class,
      description = "With --kill: repeats the run for each of these seeds.")
  private Optional<SeedRange> seeds = Optional.empty();

  @Option(names = "-o", paramLabel = "FORMAT", description = "text or json. Default: text.")
  private Format format = Format.TEXT;

  QuorumCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Experiment experiment = Experiment.of(cluster, console);
    if (kill.isPresent()) {
      return kill(experiment, kill.get());
    }
    if (seeds.isPresent()) {
      throw new BadInput("--seeds stands without --kill; give --seed N for one run");
    }
    World world = experiment.start(cluster.seed());
    ClusteredApp application = world.application(app);
    world.runUntil(until);
    FormationReport report = application.report();
    experiment.tell(world);
    print(FormationText.json(report).build(), FormationText.text(report));
    if (undecided(experiment, world, report)) {
      return ExitCode.UNKNOWN;
    }
    return report.formed() ? ExitCode.FINE : ExitCode.FINDING;
  }

  /** Whether a manifest that is not modelled could decide about a member. */
  static boolean undecided(Experiment experiment, World world, FormationReport report) {
    List<String> members = report.members().stream().map(MemberStatus::pod).toList();
    return world.cluster().pods().stream()
        .filter(pod -> members.contains(pod.name()))
        .anyMatch(pod -> experiment.undecided(pod).isPresent());
  }

  private int kill(Experiment experiment, Kill when) {
    if (when.seconds() >= until) {
      throw new BadInput(
          "--kill " + when + " is not before --until " + until + "; let the run last longer");
    }
    SeedRange range = seeds.orElseGet(() -> new SeedRange(cluster.seed(), cluster.seed()));
    Failover failover = Failover.run(experiment, app, when, until, range);
    experiment.tell(failover.lastWorld());
    print(failover.json(), failover.text());
    return failover.servedAgain() ? ExitCode.FINE : ExitCode.FINDING;
  }

  private void print(JsonObject json, String text) {
    console.out().print(format == Format.JSON ? json.pretty() + "\n" : text);
  }
}
