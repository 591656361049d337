package dev.sidecarsim.examples;

import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      "Exit code: 0 a majority serves after every restart, 1 it does not after one, 2 it cannot be"
          + " told, 64 bad input."
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
          "Simulated seconds before the first restart and after each. Default: ${DEFAULT-VALUE}.")
  private int wait = 60;

  @Option(
      names = "--app",
      paramLabel = "NAME",
      description = "The application, if there are several: the name of its StatefulSet.")
  private Optional<String> app = Optional.empty();

  @Option(names = "-o", paramLabel = "FORMAT", description = "text or json. Default: text.")
  private Format format = Format.TEXT;

  RollingCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (wait == 0) {
      throw new BadInput("--wait 0 leaves no time for a pod to start; give 1 second or more");
    }
    Experiment experiment =
        Experiment.of(manifests, from, console)
            .under(from, mesh -> mesh.upgrade(Durations.seconds(wait), to.version()));
    World world = experiment.start();
    Rollout rollout =
        Rollout.run(experiment, world, world.application(app), new RestartOrder(order), wait);
    experiment.tell(world);
    RolloutText text = new RolloutText(rollout, from, to);
    console.out().print(format == Format.JSON ? text.json().pretty() + "\n" : text.text());
    return rollout.exitCode();
  }
}
