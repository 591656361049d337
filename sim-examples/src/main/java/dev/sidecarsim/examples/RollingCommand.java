package dev.sidecarsim.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rolling}: does the clustered application serve through a rolling upgrade of its mesh? */
@Command(
    name = "rolling",
    mixinStandardHelpOptions = true,
    description =
        "Restarts the pods of a clustered application in turn while Istio is upgraded, and says"
            + " after each whether the application serves.",
    footer = {
      "",
      "The pods start under --from. Just before the first restart the webhook's revision becomes"
          + " --to: pods made from then on get its sidecar and its istiod, the others keep theirs.",
      "Without --order it is what the StatefulSet's controller does: from the highest ordinal down,"
          + " and no further while a pod that it has made anew is not Ready (with OrderedReady: while"
          + " any pod is not). With --order the pods are deleted by hand, and nobody waits for them.",
      "Exit code: 0 a majority serves after every restart, 1 it does not after one, or the"
          + " controller stops to wait; 2 it cannot be told, 64 bad input. With --seeds: the worst."
    })
final class RollingCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final ManifestOptions manifests = new ManifestOptions();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "V",
      converter = MeshVersion.Reader.class,
      description = "Istio of the pods at the start: 1.7 to 1.30; none: no sidecar.")
  private MeshVersion from = MeshVersion.NONE;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "V",
      converter = MeshVersion.Reader.class,
      description = "Istio of the pods once they are restarted; the same for a mere restart.")
  private MeshVersion to = MeshVersion.NONE;

  @Option(
      names = "--order",
      split = ",",
      paramLabel = "ORDINAL",
      description =
          "Which pods are restarted after which, as 2,1,0. Default: from the highest ordinal down,"
              + " as a StatefulSet does.")
  private List<Integer> order = new ArrayList<>();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      converter = Options.SecondsReader.class,
      description =
          "Simulated seconds before the first restart and after each, at least."
              + " Default: ${DEFAULT-VALUE}.")
  private int wait = 60;

  @Option(
      names = "--seeds",
      paramLabel = "FROM-TO",
      converter = SeedRange.Reader.class,
      description = "Repeats the run for each of these seeds.")
  private Optional<SeedRange> seeds = Optional.empty();

  @Option(
      names = "--app",
      paramLabel = "NAME",
      description = "The application, if there are several: the name of its StatefulSet.")
  private Optional<String> app = Optional.empty();

  @Mixin private final FormatOption format = new FormatOption();

  RollingCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (wait == 0) {
      throw new BadInput("--wait 0 leaves no time for a pod to start; give 1 second or more");
    }
    Experiment experiment = Experiment.of(manifests, from, console);
    LongFunction<Experiment> upgraded =
        instant -> experiment.under(from, mesh -> mesh.upgrade(instant, to.version()));
    RolloutRun.Plan plan = new RolloutRun.Plan(app, new RestartOrder(order), wait);
    List<Rollout> rollouts = new ArrayList<>();
    SeedRange range = seeds.orElse(new SeedRange(manifests.seed(), manifests.seed()));
    for (long seed = range.first(); seed <= range.last(); seed++) {
      RolloutRun run = RolloutRun.of(plan, upgraded, seed);
      rollouts.add(run.rollout());
      if (seed == range.last()) {
        run.tell();
      }
    }
    RolloutText text = new RolloutText(rollouts, from, to);
    boolean one = seeds.isEmpty();
    console
        .out()
        .print(format.json() ? text.json(one).pretty() + "\n" : one ? text.text() : text.bySeed());
    return rollouts.stream().mapToInt(Rollout::exitCode).max().orElse(ExitCode.FINE);
  }
}
