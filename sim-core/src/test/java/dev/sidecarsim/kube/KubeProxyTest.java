package dev.sidecarsim.kube;

import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Outcome;
import dev.sidecarsim.trace.Story;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KubeProxyTest {

  private static final String WEB =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, type: NodePort, ports: [{port: 80, targetPort: http, nodePort: 30080}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: late}
      spec: {selector: {app: late}, ports: [{port: 80, targetPort: 8080}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            nodeName: NODE
            containers: [{name: c, image: x, ports: [{name: http, containerPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: late, labels: {app: late}}
      spec:
        nodeName: left
        containers: [{name: c, image: x, readinessProbe: {tcpSocket: {port: 9999}}}]
      """;

  private final Simulation<Cluster> run = start("left");

  private static Simulation<Cluster> start(String node) {
    ClusterSpec spec =
        ClusterSpec.of(
            ManifestReader.in("default").text(WEB.replace("NODE", node), "m.yaml").read());
    Simulation<Cluster> run =
        Simulation.start(network -> Cluster.start(spec, network), Seed.DEFAULT);
    run.runUntil(seconds(3));
    return run;
  }

  private static Endpoint vip(Simulation<Cluster> run, String service) {
    Service found = run.world().service("default", service).orElseThrow();
    return new Endpoint(found.clusterIps().get(0), 80);
  }

  private static Story call(Simulation<Cluster> run, String pod, Endpoint to) {
    RunningPod from = run.world().find(PodName.parse(pod));
    return ConnectionProbe.run(
        run.network(), from.namespace().process("curl", SocketOwner.ROOT), to, Bytes.of("hi"));
  }

  @Test
  void spreadsCallsOverAllPodsAndKeepsTheCallersAddress() {
    for (String node : List.of("left", "right")) {
      Simulation<Cluster> cluster = start(node);
      Map<String, Integer> hits = new TreeMap<>();
      IpAddress caller = cluster.world().find(PodName.parse("late")).ip();
      for (int i = 0; i < 30; i++) {
        Story story = call(cluster, "late", vip(cluster, "web"));
        assertThat(story.outcome()).isInstanceOf(Outcome.Delivered.class);
        assertThat(story.peerSeen().orElseThrow().address()).isEqualTo(caller);
        hits.merge(story.deliveredTo().orElseThrow(), 1, Integer::sum);
      }
      assertThat(hits).hasSize(3);
    }
  }

  @Test
  void aPodThatReachesItselfIsSeenAsItsNode() {
    RunningPod web = run.world().find(PodName.parse("web"));
    boolean reachedItself = false;
    for (int i = 0; i < 30 && !reachedItself; i++) {
      Story story = call(run, web.name(), vip(run, "web"));
      assertThat(story.outcome()).isInstanceOf(Outcome.Delivered.class);
      reachedItself = story.deliveredTo().orElseThrow().startsWith(web.name());
      IpAddress expected = reachedItself ? web.node().ip() : web.ip();
      assertThat(story.peerSeen().orElseThrow().address()).isEqualTo(expected);
    }
    assertThat(reachedItself).isTrue();
  }

  @Test
  void aServiceWithoutReadyPodRefuses() {
    assertThat(run.world().find(PodName.parse("late")).ready()).isFalse();
    assertThat(call(run, "web", vip(run, "late")).outcome()).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void aNodePortLeadsToAPodFromTheOtherNode() {
    Simulation<Cluster> two = start("right");
    Node left = two.world().nodes().get(0);
    Node right = two.world().nodes().get(1);
    Story story =
        ConnectionProbe.run(
            two.network(),
            left.namespace().process("curl", SocketOwner.ROOT),
            new Endpoint(right.ip(), 30080),
            Bytes.of("hi"));

    assertThat(story.outcome()).isInstanceOf(Outcome.Delivered.class);
    assertThat(story.peerSeen().orElseThrow().address()).isEqualTo(right.ip());
  }

  @Test
  void namesChainsAsKubeProxyDoes() {
    Service service = run.world().service("default", "web").orElseThrow();
    String text =
        ServiceRules.of(List.of(service), run.world()::endpoints, List.of(), List.of(), false);

    assertThat(text)
        .contains("-m statistic --mode random --probability 0.3333333333")
        .contains("-m statistic --mode random --probability 0.5000000000")
        .containsPattern(
            "-A KUBE-SERVICES -d \\S+/32 -p tcp -m tcp --dport 80 .*-j KUBE-SVC-[A-Z2-7]{16}\n");
  }
}
