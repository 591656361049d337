package dev.sidecarsim.kube;

import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is left of a pod's data when it is made anew. */
class DiskTest {

  private static final String SET =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db
        replicas: 2
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: db, image: example.com/unknown}]}
      """;

  private static final String CLAIMS =
      """
        volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 8Gi}}}
      """;

  private static Simulation<Cluster> written(String text) {
    ClusterSpec spec = ClusterSpec.of(ManifestReader.in("default").text(text, "m.yaml").read());
    Simulation<Cluster> run =
        Simulation.start(network -> Cluster.start(spec, network), Seed.DEFAULT);
    run.runUntil(seconds(5));
    run.perform(cluster -> disk(cluster, "db-0").put("file", "text"));
    return run;
  }

  private static Map<String, String> disk(Cluster cluster, String pod) {
    return cluster.find(PodName.parse(pod)).disk();
  }

  private static void delete(Simulation<Cluster> run) {
    run.perform(cluster -> cluster.delete(cluster.find(PodName.parse("db-0"))));
    run.runFor(seconds(5));
  }

  @Test
  void withoutAClaimItGoesWithThePod() {
    Simulation<Cluster> run = written(SET);
    delete(run);
    assertThat(disk(run.world(), "db-0")).isEmpty();
  }

  @Test
  void aClaimBelongsToTheOrdinal() {
    Simulation<Cluster> run = written(SET + CLAIMS);
    delete(run);
    assertThat(disk(run.world(), "db-0")).containsEntry("file", "text");
    assertThat(disk(run.world(), "db-1")).isEmpty();
    assertThat(disk(run.fork().world(), "db-0")).containsEntry("file", "text");
  }

  @Test
  void anotherSandboxHasTheSameVolumesAndAnotherAddress() {
    Simulation<Cluster> run = written(SET);
    IpAddress before = run.world().find(PodName.parse("db-0")).ip();
    run.perform(cluster -> cluster.restartSandbox(cluster.find(PodName.parse("db-0"))));
    run.runFor(seconds(5));
    RunningPod after = run.world().find(PodName.parse("db-0"));
    assertThat(after.ip()).isNotEqualTo(before);
    assertThat(after.ready()).isTrue();
    assertThat(after.disk()).containsEntry("file", "text");
  }
}
