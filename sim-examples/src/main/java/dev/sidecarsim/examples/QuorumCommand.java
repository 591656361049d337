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
      "With --kill: 0 if it serves again after the kill in the run of every seed.",
      "With --fault: 0 if it serves at the end of the run of every seed.",
      "",
      "WHO in --fault is leader (who leads then), POD, or for a process POD/CONTAINER.",
      "KINDs that are over at once: kill, kill-proxy (the kubelet starts the process again),",
      "delete or reschedule (the controller makes a pod with another address, empty disk).",
      "KINDs that last from FROM to TO, or to the end: kill-for-good (kill and kill-proxy, too,",
      "if TO is given), node-down (NODE or POD: everything ends, no FIN gets out), cut (nothing",
      "passes the pod's cable), mute (what the pod sends is lost), partition=POD1+POD2 (nothing",
      "passes between them), one-way=POD1+POD2 (what the first sends to the second is lost),",
      "delay=POD:50ms, loss=POD:10%%.",
      "After a node-down the pods' sandboxes are made anew, with other addresses.",
      "STOPPED AFTER: until no majority served; SERVES AGAIN AFTER: until one did under its own",
      "leader; ALL SERVE AFTER: until every member did; all from the fault on."
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
      converter = FaultSpec.KillReader.class,
      description = "Kills a process, as leader@60, and measures how long nobody serves.")
  private Optional<FaultSpec> kill = Optional.empty();

  @Option(
      names = "--fault",
      paramLabel = "KIND=WHO[:HOW]@FROM[-TO]",
      converter = FaultSpec.Reader.class,
      description = "A failure, as cut=leader@60-90, in seconds; may be repeated. See below.")
  private List<FaultSpec> faults = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "FROM-TO",
      converter = SeedRange.Reader.class,
      description = "With --kill or --fault: repeats the run for each of these seeds.")
  private Optional<SeedRange> seeds = Optional.empty();

  @Mixin private final FormatOption format = new FormatOption();

  QuorumCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Experiment experiment = Experiment.of(cluster, console);
    if (kill.isPresent() && !faults.isEmpty()) {
      throw new BadInput("--kill stands beside --fault; write --fault kill=" + kill.get());
    }
    if (kill.isPresent()) {
      return kill(experiment, kill.get());
    }
    if (!faults.isEmpty()) {
      return faults(experiment);
    }
    if (seeds.isPresent()) {
      throw new BadInput("--seeds stands without --kill or --fault; give --seed N for one run");
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

  private int kill(Experiment experiment, FaultSpec when) {
    checkTime("--kill", when);
    Failover failover = Failover.run(experiment, app, when, until, range());
    experiment.tell(failover.last().world());
    print(failover.json(), failover.text());
    return failover.servedAgain() ? ExitCode.FINE : ExitCode.FINDING;
  }

  private int faults(Experiment experiment) {
    faults.forEach(fault -> checkTime("--fault", fault));
    FaultReport report =
        new FaultReport(Trial.all(experiment, app, faults, until, range()), seeds.isPresent());
    Trial last = report.last();
    experiment.tell(last.world());
    print(report.json(), report.text());
    if (undecided(experiment, last.world(), last.course().report())) {
      return ExitCode.UNKNOWN;
    }
    return report.allServe() ? ExitCode.FINE : ExitCode.FINDING;
  }

  private SeedRange range() {
    return seeds.orElseGet(() -> new SeedRange(cluster.seed(), cluster.seed()));
  }

  private void checkTime(String option, FaultSpec fault) {
    if (fault.from() >= until) {
      throw new BadInput(
          option + " " + fault + " is not before --until " + until + "; let the run last longer");
    }
  }

  private void print(JsonObject json, String text) {
    console.out().print(format.json() ? json.pretty() + "\n" : text);
  }
}
