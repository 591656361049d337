package dev.sidecarsim.kube;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KubeletTest {

  private static final String POD =
      """
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        containers:
          - {name: app, image: x, ports: [{name: http, containerPort: 80}], EXTRA}
      """;

  private static Simulation<Cluster> start(String extra, ProgramCatalog programs) {
    ClusterSpec spec =
        ClusterSpec.of(
                ManifestReader.in("default").text(POD.replace("EXTRA", extra), "m.yaml").read())
            .running(programs);
    return Simulation.start(network -> Cluster.start(spec, network), Seed.DEFAULT);
  }

  private static RunningPod pod(Simulation<Cluster> run) {
    return run.world().find(PodName.parse("a"));
  }

  private static ProgramCatalog all(Program program) {
    return (pod, container) -> Optional.of(program);
  }

  /** An HTTP server on the pod's address that answers with a status and notes who asked. */
  private static Program http(int[] status, List<String> requests, List<IpAddress> callers) {
    return container ->
        container
            .process()
            .listen(
                new Endpoint(container.podIp(), 80),
                connection -> {
                  callers.add(connection.remote().address());
                  return new ConnectionHandler() {
                    @Override
                    public void onData(Connection from, Bytes data) {
                      requests.add(data.text().lines().findFirst().orElse(""));
                      from.send(Bytes.of("HTTP/1.1 " + status[0] + " X\r\n\r\n"));
                      from.close();
                    }
                  };
                })
            .orThrow();
  }

  @Test
  void httpProbesComeFromTheNodeAndFollowTheStatus() {
    int[] status = {503};
    List<String> requests = new ArrayList<>();
    List<IpAddress> callers = new ArrayList<>();
    Simulation<Cluster> run =
        start(
            "readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 2}",
            all(http(status, requests, callers)));
    run.runUntil(seconds(5));
    assertThat(pod(run).ready()).isFalse();

    status[0] = 204;
    run.runUntil(seconds(8));
    assertThat(pod(run).ready()).isTrue();
    assertThat(requests).contains("GET /ready HTTP/1.1");
    assertThat(callers).containsOnly(pod(run).node().ip());

    status[0] = 500;
    run.runUntil(seconds(12));
    assertThat(pod(run).ready()).as("two failures are less than failureThreshold").isTrue();
    run.runUntil(seconds(15));
    assertThat(pod(run).ready()).isFalse();
    assertThat(pod(run).restarts()).isZero();
  }

  @Test
  void aFailingLivenessProbeRestartsTheContainer() {
    Simulation<Cluster> run =
        start(
            "livenessProbe: {tcpSocket: {port: 81}, initialDelaySeconds: 3, periodSeconds: 5,"
                + " failureThreshold: 2}",
            ProgramCatalog.NONE);
    run.runUntil(seconds(10));
    assertThat(pod(run).restarts()).as("asked at 5 s and 10 s after the start").isZero();
    run.runUntil(seconds(12));
    assertThat(pod(run).restarts()).isEqualTo(1);
    assertThat(pod(run).status()).isEqualTo("Running");
  }

  @Test
  void aStartupProbeHoldsTheOthersBack() {
    List<String> asked = new ArrayList<>();
    Program program =
        container ->
            container.onExec(
                (command, done) -> {
                  asked.add(command.get(0));
                  boolean up = container.process().namespace().scheduler().now() > seconds(7);
                  done.accept(new ExecResult(up ? 0 : 1, ""));
                  return true;
                });
    Simulation<Cluster> run =
        start(
            "startupProbe: {exec: {command: [start]}, periodSeconds: 2, failureThreshold: 30},"
                + " livenessProbe: {exec: {command: [live]}, periodSeconds: 2}",
            all(program));
    run.runUntil(seconds(7));
    assertThat(asked).containsOnly("start").hasSize(4);
    assertThat(pod(run).ready()).isFalse();
    run.runUntil(seconds(11));
    assertThat(asked).contains("live").filteredOn("start"::equals).hasSize(5);
    assertThat(pod(run).ready()).isTrue();
  }

  @Test
  void aCommandThatNobodyKnowsIsTakenToSucceedAndSaysSo() {
    Simulation<Cluster> run =
        start("readinessProbe: {exec: {command: [/bin/healthy, now]}}", ProgramCatalog.NONE);
    run.runUntil(seconds(1));

    assertThat(pod(run).ready()).isTrue();
    assertThat(run.world().assumptions())
        .contains("pod a, container app: '/bin/healthy now' is taken to succeed");
  }

  @Test
  void anUnansweredCommandFailsAfterItsTimeout() {
    Simulation<Cluster> run =
        start(
            "readinessProbe: {exec: {command: [wait]}, timeoutSeconds: 1, periodSeconds: 2}",
            all(container -> container.onExec((command, done) -> true)));
    run.runUntil(seconds(20));
    assertThat(pod(run).ready()).isFalse();
  }

  @Test
  void anEchoCountsAsHealthyAndSaysSo() {
    Simulation<Cluster> run = start("readinessProbe: {httpGet: {port: 80}}", ProgramCatalog.NONE);
    run.runUntil(seconds(1));

    assertThat(pod(run).ready()).isTrue();
    assertThat(run.world().assumptions())
        .contains("pod a, container app: a probe that is echoed is taken to succeed");
  }

  @Test
  void aListenerOfHttpAnswersAProbe() {
    Program http = new EchoServer(ListenSpec.parse("80@0.0.0.0/http"));
    Simulation<Cluster> run = start("readinessProbe: {httpGet: {port: 80}}", all(http));
    run.runUntil(seconds(1));

    assertThat(pod(run).ready()).isTrue();
    assertThat(run.world().assumptions()).isEmpty();
  }

  @Test
  void anEchoedWordCountsAsAnswerButAnotherWordDoesNot() {
    String probe =
        "readinessProbe: {exec: {command: [sh, -c, 'echo ruok | nc -w 2 localhost 80 | grep imok']}}";
    Simulation<Cluster> echo = start(probe, ProgramCatalog.NONE);
    echo.runUntil(seconds(1));
    assertThat(pod(echo).ready()).isTrue();
    assertThat(echo.world().assumptions())
        .contains("pod a, container app: a probe that is echoed is taken to succeed");

    Simulation<Cluster> other =
        start(probe, all(new EchoServer(ListenSpec.parse("80@0.0.0.0 server-first"))));
    other.runUntil(seconds(20));
    assertThat(pod(other).ready()).isFalse();
  }

  @Test
  void portsByNameAreFoundInEachPod() {
    String text =
        """
        ---
        {apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {x: z}, ports: [{port: 80, targetPort: http}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {x: z}},
         spec: {containers: [{name: c, ports: [{name: http, containerPort: 8001}]}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: b, labels: {x: z}},
         spec: {containers: [{name: c, ports: [{name: http, containerPort: 8002}]}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: none, labels: {x: z}}, spec: {containers: [{name: c}]}}
        """;
    ClusterSpec spec = ClusterSpec.of(ManifestReader.in("default").text(text, "m.yaml").read());
    Simulation<Cluster> run = Simulation.start(net -> Cluster.start(spec, net), Seed.DEFAULT);
    run.runUntil(seconds(2));
    Cluster cluster = run.world();

    assertThat(cluster.endpoints(cluster.services().get(0)).subsets())
        .extracting(subset -> subset.ports().stream().map(Endpoints.Port::port).toList())
        .containsExactly(List.of(8001), List.of(8002), List.of());
  }

  @Test
  void aPostStartHookHoldsTheNextContainer() {
    List<String> order = new ArrayList<>();
    Program program =
        container -> {
          order.add(container.spec().name());
          container.onExec(
              (command, done) -> {
                container.process().after(seconds(3), () -> done.accept(new ExecResult(0, "")));
                return true;
              });
        };
    Simulation<Cluster> run =
        start(
            "lifecycle: {postStart: {exec: {command: [wait]}}}}\n    - {name: second, image: z",
            all(program));
    run.runUntil(seconds(3));
    assertThat(order).containsExactly("app");
    run.runUntil(seconds(5));
    assertThat(order).containsExactly("app", "second");
  }

  @Test
  void aKilledProcessIsStartedAgainAndKeepsItsDisk() {
    List<String> disks = new ArrayList<>();
    Simulation<Cluster> run =
        start(
            "env: []",
            all(
                container ->
                    disks.add(
                        container.restarts()
                            + String.valueOf(container.disk().put("epoch", "7")))));
    run.runUntil(seconds(1));
    run.perform(cluster -> cluster.kill(cluster.find(PodName.parse("a")), "app"));
    run.runUntil(seconds(2) + millis(100));

    assertThat(disks).containsExactly("0null", "17");
    assertThat(pod(run).restarts()).isEqualTo(1);
  }

  @Test
  void aProgramThatCannotBindGoesDown() {
    Simulation<Cluster> run =
        start(
            "env: []}\n    - {name: other, image: z, ports: [{containerPort: 80}]",
            ProgramCatalog.NONE);
    run.runUntil(seconds(20));

    assertThat(pod(run).status()).isEqualTo("CrashLoopBackOff");
    assertThat(pod(run).container("app")).isPresent();
    assertThat(pod(run).readyContainers()).isEqualTo(1);
  }
}
