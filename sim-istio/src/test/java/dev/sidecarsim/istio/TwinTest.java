package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.ConfigDump;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;

/** Pods that have what real ones had, in place of what would be made for them. */
class TwinTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: default, labels: {istio-injection: enabled}}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: server
        labels: {app: server}
        annotations: {sidecarsim.dev/listen: "8080@127.0.0.1, 9090@127.0.0.1"}
      spec:
        containers: [{name: app, image: example/echo}]
      status: {podIP: 10.244.0.20}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client}
      spec:
        containers: [{name: app, image: example/echo}]
      status: {podIP: 10.244.0.30}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: plain, annotations: {sidecar.istio.io/inject: "false"}}
      spec:
        containers: [{name: app, image: example/echo}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: server}
      spec:
        clusterIP: 10.96.0.20
        selector: {app: server}
        ports: [{name: tcp-a, port: 8080}]
      """;

  private static final String TCP =
      "{'name':'envoy.filters.network.tcp_proxy','typedConfig':{'cluster':'%s'}}";

  private static String listener(String name, int port, String filters, String more) {
    return "{'name':'"
        + name
        + "','address':{'socketAddress':{'address':'0.0.0.0','portValue':"
        + port
        + "}},'filterChains':[{'filters':["
        + filters
        + "]}],'listenerFilters':[{'name':'envoy.filters.listener.original_dst'}]"
        + more
        + "}";
  }

  private static ConfigDump inbound(String filters, String clusters) {
    return dump("[" + listener("virtualInbound", 15006, filters, "") + "]" + clusters);
  }

  private static ConfigDump dump(String json) {
    return ConfigDump.read(json.replace('\'', '"'), "dump.json");
  }

  private static Story call(String from, String pod, Twin twin, String to) {
    Simulation<Cluster> run =
        Mesh.of(ManifestReader.in("default").text(PODS, "pods.yaml").read())
            .istio("1.20.0")
            .twin(pod, twin)
            .start(Seed.DEFAULT);
    run.runUntil(Durations.seconds(20));
    RunningPod client = run.world().pod("default", from).orElseThrow();
    return ConnectionProbe.run(
        run.network(),
        client.namespace().process("caller", new SocketOwner(1001, 1001)),
        Endpoint.of(to),
        Bytes.of("hello\n"));
  }

  private static Story callServer(Twin twin) {
    return call("plain", "server", twin, "10.244.0.20:8080");
  }

  @Test
  void tellsTheProxyWhatTheRealOneWasTold() {
    String local =
        "[{'name':'local','type':'STATIC','connectTimeout':'10s','loadAssignment':{'endpoints':"
            + "[{'lbEndpoints':[{'endpoint':{'address':{'socketAddress':{'address':'127.0.0.1',"
            + "'portValue':9090}}}}]}]}}]";
    Story as = callServer(Twin.NONE);
    Story like = callServer(Twin.NONE.withEnvoy(inbound(String.format(TCP, "local"), local)));

    // Istio 1.20 calls the pod's address, where nothing listens; the real one called loopback.
    assertThat(as.delivered()).isFalse();
    assertThat(like.delivered()).isTrue();
    assertThat(like.localSeen()).contains(Endpoint.of("127.0.0.1:9090"));
  }

  @Test
  void leavesTheOutcomeOpenWhereAnUnknownFilterDecides() {
    String filters = "{'name':'mine','typedConfig':{'@type':'x/my.Filter'}}," + TCP;
    Twin twin =
        Twin.NONE.withEnvoy(inbound(String.format(filters, "InboundPassthroughClusterIpv4"), ""));

    Story story = callServer(twin);

    assertThat(story.outcome().code()).isEqualTo("UNKNOWN");
    assertThat(story.cause().orElseThrow().text()).contains("network filter mine (my.Filter)");
    assertThat(twin.unmodelled())
        .containsExactly("listener virtualInbound: network filter mine (my.Filter)");
  }

  @Test
  void leavesTheOutcomeOpenWhereTheDumpLacksTheCluster() {
    Story story = callServer(Twin.NONE.withEnvoy(inbound(String.format(TCP, "nowhere"), "")));

    assertThat(story.outcome().code()).isEqualTo("UNKNOWN");
    assertThat(story.cause().orElseThrow().text())
        .contains("cluster nowhere: the dump does not hold it");
  }

  @Test
  void opensNoMoreConnectionsThanTheRealCircuitBreakerAllows() {
    String closed =
        "[{'name':'few','type':'ORIGINAL_DST','circuitBreakers':{'thresholds':"
            + "[{'priority':'HIGH','maxConnections':9},{'maxConnections':0}]}}]";

    Story story = callServer(Twin.NONE.withEnvoy(inbound(String.format(TCP, "few"), closed)));

    assertThat(story.cause().orElseThrow().code()).isEqualTo("UPSTREAM_OVERFLOW");
    assertThat(story.steps()).anyMatch(step -> step.step().text().contains("(UO)"));
  }

  /** A dump without include_eds knows the cluster, and the simulated cluster knows its pods. */
  @Test
  void takesEndpointsThatTheDumpLacksFromTheSimulatedCluster() {
    String outbound =
        listener(
            "virtualOutbound",
            15001,
            String.format(TCP, "outbound|8080||server.default.svc.cluster.local"),
            ",'useOriginalDst':true");
    String eds =
        "[{'name':'outbound|8080||server.default.svc.cluster.local','type':'EDS',"
            + "'edsClusterConfig':{'serviceName':'outbound|8080||server.default.svc.cluster.local'"
            + "},'connectTimeout':'10s'}]";

    ConfigDump known = dump("[" + outbound + "]" + eds);
    ConfigDump unknown = dump(("[" + outbound + "]" + eds).replace("||server", "||other"));

    assertThat(call("client", "client", Twin.NONE.withEnvoy(known), "9.9.9.9:1").steps())
        .anyMatch(step -> step.step().text().contains("-> 10.244.0.20:8080, plaintext"));
    assertThat(call("client", "client", Twin.NONE.withEnvoy(unknown), "9.9.9.9:1").cause())
        .hasValueSatisfying(
            cause -> assertThat(cause.text()).contains("EDS service outbound|8080||other."));
  }

  @Test
  void loadsTheRealRules() {
    String saved =
        """
        # Generated by iptables-save v1.8.7 on Wed Nov 25 18:00:00 2026
        *nat
        :PREROUTING ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A PREROUTING -p tcp -m tcp --dport 8080 -j REDIRECT --to-ports 9191
        COMMIT
        # Generated by ip6tables-save v1.8.7 on Wed Nov 25 18:00:00 2026
        *filter
        :INPUT DROP [0:0]
        COMMIT
        """;

    Story story = callServer(Twin.NONE.withRules(saved));

    assertThat(story.outcome().code()).isEqualTo("REFUSED");
    assertThat(story.steps())
        .anyMatch(step -> step.step().text().contains("--to-ports 9191"))
        .noneMatch(step -> step.step().text().contains("ISTIO_INBOUND"));
  }

  @Test
  void listensWhereTheRealPodDid() {
    Story story =
        callServer(
            Twin.NONE.withSockets(
                SocketListing.read("LISTEN 0 128 10.1.2.3:8080 0.0.0.0:*\n", "ss.txt")));

    assertThat(story.delivered()).isTrue();
    assertThat(story.localSeen()).contains(Endpoint.of("10.244.0.20:8080"));
  }

  /** As nginx does: a program that could bind only one of the two would end. */
  @Test
  void listensOnBothFamiliesSideBySide() {
    String both = "LISTEN 0 511 0.0.0.0:8080 0.0.0.0:*\nLISTEN 0 511 [::]:8080 [::]:*\n";

    assertThat(callServer(Twin.NONE.withSockets(SocketListing.read(both, "ss.txt"))).delivered())
        .isTrue();
  }
}
