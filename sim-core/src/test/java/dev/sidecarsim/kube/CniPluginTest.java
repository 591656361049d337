package dev.sidecarsim.kube;

import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.sim.Network;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Story;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CniPluginTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: here, annotations: {sidecarsim.dev/listen: "80@pod"}}
      spec: {nodeName: left, containers: [{name: c, image: x}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: there, annotations: {sidecarsim.dev/listen: "80@pod"}}
      spec: {nodeName: right, containers: [{name: c, image: x}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: host}
      spec: {hostNetwork: true, nodeName: left, containers: [{name: c, image: x}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: late}
      spec: {clusterIP: 10.96.0.7, ports: [{port: 80}]}
      """;

  /** Gives a node's calls of its own pods the source 192.0.2.1. */
  private static final class Sources implements CniPlugin {
    private final List<String> log = new ArrayList<>();
    private final Set<RunningPod> pods = new LinkedHashSet<>();

    @Override
    public void add(RunningPod pod) {
      log.add("add " + pod.name() + ", containers " + pod.containers().size());
      pods.add(pod);
    }

    @Override
    public void del(RunningPod pod) {
      log.add("del " + pod.name());
      pods.remove(pod);
    }

    @Override
    public ImmutableList<String> nodeRules(Node node, boolean v6) {
      return v6
          ? ImmutableList.of()
          : ImmutableList.of(
              "-N OWN",
              "-A POSTROUTING -j OWN",
              "-A OWN -m owner --socket-exists -p tcp -m set --match-set own dst"
                  + " -j SNAT --to-source 192.0.2.1");
    }

    @Override
    public ImmutableList<String> nodeSets(Node node) {
      ImmutableList.Builder<String> lines = ImmutableList.builder();
      lines.add("create own hash:ip");
      pods.stream()
          .filter(pod -> pod.node().equals(node))
          .forEach(pod -> lines.add("add own " + pod.ip()));
      return lines.build();
    }
  }

  private final Sources sources = new Sources();
  private final Simulation<Cluster> run = Simulation.start(this::cluster, Seed.DEFAULT);

  private Cluster cluster(Network network) {
    ClusterSpec plain = ClusterSpec.of(ManifestReader.in("default").text(PODS, "m.yaml").read());
    ClusterSpec spec =
        new ClusterSpec(
            plain.manifests(),
            plain.admissions(),
            ImmutableList.of(sources),
            plain.programs(),
            plain.settings());
    return Cluster.start(spec, network);
  }

  @Test
  void itIsCalledBeforeAnythingRunsInAPodAndWhenThePodIsGone() {
    run.runUntil(seconds(10));
    run.perform(cluster -> cluster.delete(cluster.pod("default", "here").orElseThrow()));
    run.runUntil(seconds(60));

    assertThat(sources.log)
        .containsExactlyInAnyOrder("add here, containers 0", "add there, containers 0", "del here");
  }

  @Test
  void itsRulesStandOnTheNodesBesideThoseOfServicesAndAskItsSets() {
    run.runUntil(seconds(10));

    assertThat(source("left", "here")).isEqualTo("192.0.2.1");
    assertThat(source("right", "there")).isEqualTo("192.0.2.1");
    assertThat(source("left", "there")).isNotEqualTo("192.0.2.1");
    assertThat(source("here", "there")).isNotEqualTo("192.0.2.1");
    assertThat(namespace("left").ip().netfilter().save(Family.IPV4, false))
        .contains("-A POSTROUTING -j OWN", "-j KUBE-POSTROUTING");
  }

  private NetworkNamespace namespace(String name) {
    return run.network().namespaces().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Whom the server sees. */
  private String source(String from, String pod) {
    Process caller = namespace(from).process("curl", SocketOwner.ROOT);
    IpAddress to = run.world().pod("default", pod).orElseThrow().ip();
    Story story = ConnectionProbe.run(run.network(), caller, new Endpoint(to, 80), Bytes.of("x"));
    return story.peerSeen().orElseThrow().address().toString();
  }
}
