package dev.sidecarsim.kube;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.host.SocketRow;
import dev.sidecarsim.host.TcpState;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Outcome;
import dev.sidecarsim.trace.Story;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterTest {

  private static final String SET =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: zk-headless}
      spec:
        clusterIP: None
        publishNotReadyAddresses: PUBLISH
        selector: {app: zk}
        ports: [{name: client, port: 2181, targetPort: client}, {name: election, port: 3888}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: zk}
      spec: {selector: {app: zk}, ports: [{name: client, port: 2181, targetPort: client}]}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: zk}
      spec:
        serviceName: zk-headless
        replicas: 3
        podManagementPolicy: POLICY
        selector: {matchLabels: {app: zk}}
        template:
          metadata:
            labels: {app: zk}
            annotations: {sidecarsim.dev/listen: "LISTEN"}
          spec:
            securityContext: {runAsUser: 1001}
            containers:
              - name: zookeeper
                image: example.com/unknown
                ports: [{name: client, containerPort: 2181}]
                readinessProbe:
                  exec: {command: [sh, -c, 'echo "ruok" | timeout 2 nc -w 2 localhost 2181 | grep imok']}
                  initialDelaySeconds: 5
                  periodSeconds: 10
      """;

  private static String set(String policy, boolean publish, String listen) {
    return SET.replace("POLICY", policy)
        .replace("PUBLISH", Boolean.toString(publish))
        .replace("LISTEN", listen);
  }

  private static Simulation<Cluster> start(String text) {
    return start(ClusterSpec.of(ManifestReader.in("default").text(text, "m.yaml").read()));
  }

  private static Simulation<Cluster> start(ClusterSpec spec) {
    return Simulation.start(network -> Cluster.start(spec, network), Seed.DEFAULT);
  }

  private static RunningPod pod(Simulation<Cluster> run, String name) {
    return run.world().find(PodName.parse(name));
  }

  private static Process caller(RunningPod pod) {
    return pod.namespace().process("curl", SocketOwner.ROOT);
  }

  private static List<String> names(Simulation<Cluster> run) {
    return run.world().pods().stream().map(RunningPod::name).toList();
  }

  @Test
  void orderedPodsWaitForTheOneBeforeAndParallelOnesDoNot() {
    Simulation<Cluster> ordered = start(set("OrderedReady", true, "3888@pod"));
    ordered.runUntil(seconds(60));
    assertThat(names(ordered))
        .as("a pod whose probe fails holds the next one up")
        .containsExactly("zk-0");

    Simulation<Cluster> parallel = start(set("Parallel", true, "3888@pod"));
    assertThat(names(parallel)).containsExactly("zk-0", "zk-1", "zk-2");
  }

  @Test
  void namesOfUnreadyPodsResolveOnlyIfPublished() {
    for (boolean publish : List.of(true, false)) {
      Simulation<Cluster> run = start(set("Parallel", publish, "3888@pod"));
      run.runUntil(seconds(60));
      RunningPod asking = pod(run, "zk-0");
      List<IpAddress> found =
          asking.namespace().resolver().resolve("zk-1.zk-headless.default.svc.cluster.local");

      assertThat(asking.ready()).isFalse();
      assertThat(found).hasSize(publish ? 1 : 0);
      assertThat(asking.namespace().resolver().resolve("zk-0"))
          .as("its own name is in its hosts file")
          .containsExactly(asking.ip());
    }
  }

  @Test
  void resolvesNamesAsPodsUseThem() {
    Simulation<Cluster> run = start(set("Parallel", true, "2181@0.0.0.0"));
    run.runUntil(seconds(2));
    var resolver = pod(run, "zk-0").namespace().resolver();
    List<IpAddress> all = run.world().pods().stream().map(RunningPod::ip).toList();
    IpAddress vip = run.world().service("default", "zk").orElseThrow().clusterIps().get(0);

    assertThat(resolver.resolve("zk-headless")).isEqualTo(all);
    for (String name :
        List.of("zk", "zk.default", "zk.default.svc", "zk.default.svc.cluster.local.")) {
      assertThat(resolver.resolve(name)).as(name).containsExactly(vip);
    }
    assertThat(resolver.resolve("zk-2.zk-headless")).containsExactly(all.get(2));
    assertThat(resolver.resolve("10-9-8-7.default.pod")).containsExactly(IpAddress.of("10.9.8.7"));
    assertThat(resolver.resolve("zk-9.zk-headless")).isEmpty();
    assertThat(resolver.resolve("example.com")).isEmpty();
  }

  @Test
  void podsReachEachOtherOnOneNodeAndOverTwo() {
    String two =
        """
        {apiVersion: v1, kind: Pod, metadata: {name: a},
         spec: {nodeName: left, containers: [{name: c, image: x, ports: [{containerPort: 80}]}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: b, annotations: {sidecarsim.dev/listen: "80@127.0.0.1"}},
         spec: {nodeName: NODE, containers: [{name: c, image: x}]}, status: {podIP: 10.9.9.9}}
        """;
    for (String node : List.of("left", "right")) {
      Simulation<Cluster> run = start("---\n" + two.replace("NODE", node));
      run.runUntil(seconds(2));
      RunningPod a = pod(run, "a");
      RunningPod b = pod(run, "b");
      assertThat(b.ip()).hasToString("10.9.9.9");

      Story there = probe(run, b, new Endpoint(a.ip(), 80));
      assertThat(there.outcome()).isInstanceOf(Outcome.Delivered.class);
      assertThat(there.peerSeen().orElseThrow().address()).isEqualTo(b.ip());
      assertThat(probe(run, a, new Endpoint(b.ip(), 80)).outcome())
          .as("b listens on loopback only")
          .isInstanceOf(Outcome.Refused.class);
      assertThat(run.world().assumptions())
          .containsExactly("pod a: container c is taken to listen on 0.0.0.0, port 80");
    }
  }

  private static Story probe(Simulation<Cluster> run, RunningPod from, Endpoint to) {
    return ConnectionProbe.run(run.network(), caller(from), to, Bytes.of("hello\n"));
  }

  @Test
  void execProbesOpenRealSocketsAndDecideAboutReadiness() {
    ClusterSpec spec =
        ClusterSpec.of(
                ManifestReader.in("default").text(set("Parallel", true, ""), "m.yaml").read())
            .running((pod, container) -> Optional.of(new Ruok()));
    Simulation<Cluster> run = start(spec);
    run.runUntil(seconds(9));
    assertThat(pod(run, "zk-0").ready()).as("the first question comes after 10 s").isFalse();
    run.runUntil(seconds(12));

    RunningPod pod = pod(run, "zk-0");
    assertThat(pod.ready()).isTrue();
    assertThat(pod.status()).isEqualTo("Running");
    assertThat(pod.namespace().sockets())
        .filteredOn(row -> row.state() == TcpState.TIME_WAIT)
        .extracting(SocketRow::local)
        .as("the server closes first")
        .contains(Endpoint.of("127.0.0.1:2181"));
  }

  /** Answers ruok and closes, as ZooKeeper does. */
  private static final class Ruok implements Program {
    @Override
    public void start(Container container) {
      assertThat(container.process().owner()).isEqualTo(new SocketOwner(1001, 0));
      container
          .process()
          .listen(
              Endpoint.of("0.0.0.0:2181"),
              connection ->
                  new ConnectionHandler() {
                    @Override
                    public void onData(Connection from, Bytes data) {
                      from.send(Bytes.of("imok"));
                      from.close();
                    }
                  })
          .orThrow();
    }
  }

  @Test
  void aContainerThatEndsIsStartedAgainAfterLongerAndLongerPauses() {
    List<Long> starts = new ArrayList<>();
    ClusterSpec spec =
        ClusterSpec.of(
                ManifestReader.in("default")
                    .text(
                        "---\n{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: x}]}}",
                        "m.yaml")
                    .read())
            .running(
                (pod, container) ->
                    Optional.of(
                        live -> {
                          starts.add(live.process().namespace().scheduler().now());
                          live.process().after(millis(10), () -> live.exit(1));
                        }));
    Simulation<Cluster> run = start(spec);
    run.runUntil(seconds(40));

    assertThat(starts).hasSize(4);
    assertThat(starts.get(1) - starts.get(0)).isBetween(0L, seconds(1) + millis(20));
    assertThat(starts.get(2) - starts.get(1)).isBetween(seconds(10), seconds(11) + millis(20));
    assertThat(starts.get(3) - starts.get(2)).isBetween(seconds(20), seconds(21) + millis(20));
    assertThat(pod(run, "a").status()).isEqualTo("CrashLoopBackOff");
    assertThat(pod(run, "a").restarts()).isEqualTo(3);
  }

  @Test
  void initContainersRunOneByOneAndNativeSidecarsStay() {
    List<String> order = new ArrayList<>();
    String text =
        """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          initContainers: [{name: one, image: i}, {name: side, image: s, restartPolicy: Always}, {name: two, image: i}]
          containers: [{name: app, image: m}]
        """;
    ClusterSpec spec =
        ClusterSpec.of(ManifestReader.in("default").text(text, "m.yaml").read())
            .running(
                (pod, container) ->
                    Optional.of(
                        live -> {
                          order.add(container.name());
                          if (container.image().equals("i")) {
                            live.process().after(seconds(1), () -> live.exit(0));
                          }
                        }));
    Simulation<Cluster> run = start(spec);
    run.runUntil(millis(1000));
    assertThat(pod(run, "a").status()).isEqualTo("Init:0/3");
    run.runUntil(seconds(5));

    assertThat(order).containsExactly("one", "side", "two", "app");
    RunningPod pod = pod(run, "a");
    assertThat(pod.status()).isEqualTo("Running");
    assertThat(pod.containerCount()).isEqualTo(2);
    assertThat(pod.containers())
        .extracting(live -> live.spec().name())
        .containsExactly("side", "app");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "until nc -z -w 2 10.244.0.10 PORT; do sleep 2; done, Init:0/1",
    "while ! nc -z 10.244.0.10 PORT; do sleep 2; done, Init:0/1",
    "nc -z 10.244.0.10 PORT, Init:CrashLoopBackOff",
  })
  void anInitContainerThatAsksByNetcatHoldsItsPodUp(String command, String unanswered) {
    String text =
        """
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: db, annotations: {sidecarsim.dev/listen: 5432@pod}},
         spec: {containers: [{name: db, image: i}]}, status: {podIP: 10.244.0.10}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec:
          initContainers: [{name: wait, image: busybox, command: [sh, -c, "COMMAND"]}]
          containers: [{name: app, image: m}]
        """;
    String asks = text.replace("COMMAND", command);
    Simulation<Cluster> answered = start(asks.replace("PORT", "5432"));
    answered.runUntil(seconds(40));
    assertThat(pod(answered, "a").status()).isEqualTo("Running");

    Simulation<Cluster> refused = start(asks.replace("PORT", "5433"));
    refused.runUntil(seconds(40));
    assertThat(pod(refused, "a").status()).isEqualTo(unanswered);
  }

  @Test
  void aDeletedPodComesBackUnderItsNameWithAnotherAddress() {
    Simulation<Cluster> run = start(set("Parallel", true, "2181@0.0.0.0"));
    run.runUntil(seconds(5));
    IpAddress before = pod(run, "zk-1").ip();
    run.perform(cluster -> cluster.delete(cluster.find(PodName.parse("zk-1"))));
    run.runUntil(seconds(5) + millis(500));
    assertThat(pod(run, "zk-1").status()).isEqualTo("Terminating");
    run.runUntil(seconds(10));

    IpAddress after = pod(run, "zk-1").ip();
    assertThat(after).isNotEqualTo(before);
    assertThat(pod(run, "zk-0").namespace().resolver().resolve("zk-1.zk-headless"))
        .containsExactly(after);
    Simulation<Cluster> fork = run.fork();
    assertThat(pod(fork, "zk-1").ip()).isEqualTo(after);
  }

  @Test
  void aWebhookChangesOrRefusesPods() {
    ClusterSpec spec =
        ClusterSpec.of(
                ManifestReader.in("default").text(set("Parallel", true, ""), "m.yaml").read())
            .admitting(
                (pod, namespace) ->
                    pod.name().equals("zk-1")
                        ? new PodAdmission.Denied("no")
                        : new PodAdmission.Admitted(
                            pod.withMeta(pod.meta().withLabel("seen", namespace.name()))));
    Simulation<Cluster> run = start(spec);

    assertThat(names(run)).containsExactly("zk-0", "zk-2");
    assertThat(run.world().denials()).containsExactly("pod zk-1 is refused: no");
    assertThat(pod(run, "zk-0").spec().meta().labels()).containsEntry("seen", "default");
  }

  @Test
  void environmentAndFilesComeFromTheManifests() {
    List<Container> lives = new ArrayList<>();
    String text =
        """
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: conf}, data: {zoo.cfg: tickTime=2000, A: "1"}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a, labels: {x: "7"}}
        spec:
          containers:
            - name: c
              image: i
              envFrom: [{prefix: P_, configMapRef: {name: conf}}]
              env:
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                - {name: X, valueFrom: {fieldRef: {fieldPath: "metadata.labels['x']"}}}
                - {name: URL, value: "http://$(IP):$(NOPE)/$$(IP)"}
                - {name: GONE, valueFrom: {configMapKeyRef: {name: nope, key: k}}}
              volumeMounts: [{name: v, mountPath: /conf}, {name: v, mountPath: /etc/a, subPath: A}]
          volumes: [{name: v, configMap: {name: conf}}]
        """;
    Simulation<Cluster> run =
        start(
            ClusterSpec.of(ManifestReader.in("default").text(text, "m.yaml").read())
                .running((pod, container) -> Optional.of(lives::add)));
    run.runUntil(seconds(1));

    Container live = lives.get(0);
    String ip = live.podIp().toString();
    assertThat(live.env())
        .containsEntry("HOSTNAME", "a")
        .containsEntry("P_A", "1")
        .containsEntry("X", "7")
        .containsEntry("URL", "http://" + ip + ":$(NOPE)/$(IP)")
        .doesNotContainKey("GONE");
    assertThat(live.files())
        .containsEntry("/conf/zoo.cfg", "tickTime=2000")
        .containsEntry("/etc/a", "1");
    assertThat(run.world().assumptions()).hasSize(1);
  }

  @Test
  void namesWhatThereIsWhenAPodIsMissing() {
    Simulation<Cluster> run = start(set("Parallel", true, ""));

    assertThatThrownBy(() -> pod(run, "zk-7"))
        .isInstanceOf(ClusterException.class)
        .hasMessage("there is no pod 'zk-7'; there are zk-0.default, zk-1.default, zk-2.default");
    assertThatThrownBy(() -> pod(run, "zk-1/none"))
        .hasMessage("pod zk-1 has no container 'none'; it has zookeeper");
    assertThat(pod(run, "zk-1.default").name()).isEqualTo("zk-1");
    assertThat(ImmutableList.copyOf(run.world().nodes())).hasSize(1);
  }

  @Test
  void theSameSpecGivesTheSameRun() {
    assertThat(history()).isEqualTo(history());
  }

  private static List<String> history() {
    List<String> history = new ArrayList<>();
    Simulation<Cluster> run = start(set("OrderedReady", false, "2181@0.0.0.0"));
    Cluster cluster = run.world();
    cluster.watch(
        () -> cluster.pods().forEach(pod -> history.add(cluster.now() + " " + pod + pod.status())));
    run.runUntil(seconds(30));
    return history;
  }
}
