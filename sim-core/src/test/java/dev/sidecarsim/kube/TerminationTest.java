package dev.sidecarsim.kube;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * How a deleted pod ends (kubernetes.io, "Pod Lifecycle", Termination of Pods): hooks, SIGTERM to
 * all, SIGKILL after the grace period; sidecar containers after the others, the last one first.
 */
class TerminationTest {

  /** What happened, as {@code CONTAINER WHAT SECONDS} after the deletion. */
  private final List<String> events = new ArrayList<>();

  private Simulation<Cluster> deleted(String spec, int exitsAfter) {
    String pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {%s}}".formatted(spec);
    ClusterSpec cluster =
        ClusterSpec.of(ManifestReader.in("default").text(pod, "m.yaml").read())
            .running((any, container) -> Optional.of(life -> program(life, exitsAfter)));
    Simulation<Cluster> run =
        Simulation.start(network -> Cluster.start(cluster, network), Seed.DEFAULT);
    run.runUntil(seconds(10));
    run.perform(each -> each.delete(each.find(PodName.parse("a"))));
    return run;
  }

  private void program(Container life, int exitsAfter) {
    String name = life.spec().name();
    life.onTerminate(
        () -> {
          note(life, name + " TERM");
          if (exitsAfter >= 0) {
            life.process().after(seconds(exitsAfter), () -> life.exit(0));
          }
        });
    life.process().onExit(code -> note(life, name + " exit " + code));
  }

  private void note(Container life, String what) {
    long since = life.process().namespace().scheduler().now() - seconds(10);
    events.add(what + " " + Durations.toMillis(since) / 1000);
  }

  @Test
  void allContainersGetSigtermAtOnce() {
    Simulation<Cluster> run = deleted("containers: [{name: x}, {name: z}]", 3);
    run.runFor(millis(3900));
    assertThat(events).containsExactly("x TERM 0", "z TERM 0", "x exit 0 3", "z exit 0 3");
    assertThat(run.world().pods()).singleElement().satisfies(pod -> assertTerminating(pod));
    run.runFor(seconds(1));
    assertThat(run.world().pods()).isEmpty();
  }

  private static void assertTerminating(RunningPod pod) {
    assertThat(pod.status()).isEqualTo("Terminating");
    assertThat(pod.ready()).isFalse();
  }

  @Test
  void whoDoesNotEndIsKilledAfterTheGracePeriod() {
    deleted("terminationGracePeriodSeconds: 7, containers: [{name: x}]", -1).runFor(seconds(20));
    assertThat(events).containsExactly("x TERM 0", "x exit 137 7");
  }

  @Test
  void theGracePeriodIsHalfAMinuteIfNothingIsSaid() {
    deleted("containers: [{name: x}]", -1).runFor(seconds(60));
    assertThat(events).containsExactly("x TERM 0", "x exit 137 30");
  }

  @Test
  void aHookComesBeforeSigtermAndUsesTheGracePeriodUp() {
    deleted(
            "terminationGracePeriodSeconds: 10, containers: [{name: x, lifecycle: {preStop: {sleep:"
                + " {seconds: 6}}}}, {name: z}]",
            -1)
        .runFor(seconds(20));
    assertThat(events).containsExactly("z TERM 0", "x TERM 6", "z exit 137 10", "x exit 137 10");
  }

  /** minimumGracePeriodInSeconds: whatever the hook has left, SIGKILL waits for 2 s. */
  @Test
  void aHookThatIsTooLongLeavesTwoSeconds() {
    deleted(
            "terminationGracePeriodSeconds: 5, containers: [{name: x, lifecycle: {preStop: {sleep:"
                + " {seconds: 60}}}}]",
            -1)
        .runFor(seconds(20));
    assertThat(events).containsExactly("x TERM 5", "x exit 137 7");
  }

  @Test
  void sidecarsEndAfterTheContainersTheLastOneFirst() {
    deleted(
            "initContainers: [{name: s1, restartPolicy: Always}, {name: s2, restartPolicy:"
                + " Always}], containers: [{name: x}]",
            2)
        .runFor(seconds(20));
    assertThat(events)
        .containsExactly(
            "x TERM 0", "x exit 0 2", "s2 TERM 2", "s2 exit 0 4", "s1 TERM 4", "s1 exit 0 6");
  }

  @Test
  void aSecondDeletionChangesNothing() {
    Simulation<Cluster> run = deleted("containers: [{name: x}]", 4);
    run.runFor(seconds(2));
    run.perform(each -> each.delete(each.find(PodName.parse("a"))));
    run.runFor(seconds(10));
    assertThat(events).containsExactly("x TERM 0", "x exit 0 4");
  }

  @Test
  void aMachineThatLosesPowerCannotSayThatThePodIsGone() {
    Simulation<Cluster> run = deleted("containers: [{name: x}]", 4);
    run.runFor(seconds(2));
    run.perform(each -> each.losePower(each.find(PodName.parse("a"))));
    run.runFor(seconds(100));
    assertThat(run.world().pods()).hasSize(1);
    run.perform(each -> each.restartSandbox(each.find(PodName.parse("a"))));
    assertThat(run.world().pods()).isEmpty();
  }
}
