package dev.sidecarsim.kube;

import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Kubernetes shows of pods whose node says nothing any more, and what it does about them. */
class NodeLossTest {

  private static final String TEXT =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: example.com/unknown}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec:
        clusterIP: None
        publishNotReadyAddresses: true
        selector: {app: db}
        ports: [{port: 5432}]
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: db, image: example.com/unknown}]}
      """;

  private final Simulation<Cluster> run =
      Simulation.start(
          network ->
              Cluster.start(
                  ClusterSpec.of(ManifestReader.in("default").text(TEXT, "m.yaml").read()),
                  network),
          Seed.DEFAULT);

  private NodeLossTest() {
    run.runUntil(seconds(10));
    run.perform(cluster -> cluster.pods().forEach(cluster::losePower));
  }

  private List<String> pods(String application) {
    return run.world().pods().stream()
        .filter(pod -> pod.name().startsWith(application))
        .map(pod -> (pod.ready() ? "ready " : "not ready ") + pod.status())
        .toList();
  }

  private int ready(String service) {
    Cluster cluster = run.world();
    return cluster.endpoints(cluster.service("default", service).orElseThrow()).subsets().stream()
        .map(Endpoints.Subset::ready)
        .mapToInt(ImmutableList::size)
        .sum();
  }

  /** The lease was renewed at most 10 s before, and 40 s must pass from then on. */
  @Test
  void thePodsAreShownAsTheyWereUntilTheNodeIsMissed() {
    run.runFor(seconds(29));
    assertThat(pods("web")).containsExactly("ready Running");
    assertThat(ready("web")).isEqualTo(1);
    run.runFor(seconds(17));
    assertThat(pods("web")).containsExactly("not ready Running");
    assertThat(ready("web")).isZero();
    assertThat(ready("db")).isEqualTo(1);
  }

  @Test
  void afterFiveMinutesADeploymentReplacesItsPodAndAStatefulSetDoesNot() {
    run.runFor(seconds(320));
    assertThat(run.world().pods()).hasSize(2);
    run.runFor(seconds(30));
    assertThat(pods("web")).containsExactly("not ready Terminating", "ready Running");
    assertThat(pods("db")).containsExactly("not ready Terminating");
    assertThat(ready("web")).isEqualTo(1);
    assertThat(ready("db")).isEqualTo(1);
  }

  @Test
  void aNodeThatComesBackConfirmsThatItsPodsAreGone() {
    run.runFor(seconds(350));
    run.perform(
        cluster ->
            cluster.pods().stream()
                .filter(RunningPod::terminating)
                .forEach(cluster::restartSandbox));
    run.runFor(seconds(10));
    assertThat(pods("web")).containsExactly("ready Running");
    assertThat(pods("db")).containsExactly("ready Running");
  }

  @Test
  void aNodeThatComesBackSoonRunsThePodsItHad() {
    run.runFor(seconds(60));
    run.perform(cluster -> cluster.pods().forEach(cluster::restartSandbox));
    run.runFor(seconds(400));
    assertThat(pods("web")).containsExactly("ready Running");
    assertThat(pods("db")).containsExactly("ready Running");
  }
}
