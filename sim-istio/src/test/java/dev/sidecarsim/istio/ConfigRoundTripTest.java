package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.ConfigDump;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.istio.proxyconfig.ProxyConfig;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is printed of a sidecar says all that decides: a mesh whose sidecars are told what was
 * printed of another's answers as that one.
 */
class ConfigRoundTripTest {

  private static final List<String> SIDECARS = List.of("a", "b", "c");

  private static final String PODS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: default, labels: {istio-injection: enabled}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: a, labels: {app: a}, annotations: {sidecarsim.dev/listen: "8080, 8081@pod"}}
      spec: {serviceAccountName: a, containers: [{name: app, image: example/echo}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        {name: b, labels: {app: b}, annotations: {sidecarsim.dev/listen: "8080, 9090@127.0.0.1"}}
      spec: {serviceAccountName: b, containers: [{name: app, image: example/echo}]}
      status: {podIP: 10.244.0.20}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: c, labels: {app: c}, annotations: {sidecarsim.dev/listen: "8080"}}
      spec: {serviceAccountName: c, containers: [{name: app, image: example/echo}]}
      status: {podIP: 10.244.0.30}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: bare
        labels: {app: bare}
        annotations: {sidecar.istio.io/inject: "false", sidecarsim.dev/listen: "8080"}
      spec: {containers: [{name: app, image: example/echo}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: a}
      spec: {clusterIP: None, selector: {app: a}, ports: [{name: tcp-a, port: 8081}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: b}
      spec:
        clusterIP: 10.96.0.20
        selector: {app: b}
        ports:
        - {name: http-web, port: 80, targetPort: 8080}
        - {name: sniffed, port: 9090}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: c}
      spec:
        clusterIP: 10.96.0.30
        selector: {app: c}
        ports: [{name: tcp-c, port: 8080}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: bare}
      spec:
        clusterIP: 10.96.0.40
        selector: {app: bare}
        ports: [{name: tcp-x, port: 8080}]
      """;

  private static final String POLICIES =
      """
      ---
      apiVersion: security.istio.io/v1beta1
      kind: PeerAuthentication
      metadata: {name: c}
      spec: {mtls: {mode: STRICT}, selector: {matchLabels: {app: c}}}
      ---
      apiVersion: security.istio.io/v1beta1
      kind: AuthorizationPolicy
      metadata: {name: c}
      spec:
        selector: {matchLabels: {app: c}}
        action: DENY
        rules:
        - from: [{source: {principals: [cluster.local/ns/default/sa/b]}}]
          to: [{operation: {notPorts: ["9999"]}}]
      ---
      apiVersion: security.istio.io/v1beta1
      kind: AuthorizationPolicy
      metadata: {name: b}
      spec:
        selector: {matchLabels: {app: b}}
        rules: [{to: [{operation: {paths: ["/ok*"], methods: [GET]}}, {operation: {ports: ["9090"]}}]}]
      ---
      apiVersion: networking.istio.io/v1beta1
      kind: VirtualService
      metadata: {name: b}
      spec:
        hosts: [b]
        http:
        - match: [{uri: {prefix: /ok/teapot}}, {headers: {x-tea: {exact: "yes"}}}]
          fault: {abort: {httpStatus: 418, percentage: {value: 100}}}
          route: [{destination: {host: b}}]
        - route: [{destination: {host: b}}]
      ---
      apiVersion: networking.istio.io/v1beta1
      kind: DestinationRule
      metadata: {name: bare}
      spec: {host: bare, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
      """;

  private static final List<String> ADDRESSES =
      List.of(
          "10.96.0.20:80",
          "10.96.0.20:9090",
          "10.96.0.30:8080",
          "10.96.0.40:8080",
          "10.244.0.20:8080",
          "10.244.0.20:9090",
          "10.244.0.20:7",
          "10.244.0.30:8080",
          "9.9.9.9:80");

  private static final List<String> BYTES =
      List.of(
          "hello\n",
          "GET /ok HTTP/1.1\r\nHost: b\r\n\r\n",
          "GET /no HTTP/1.1\r\nHost: b\r\n\r\n",
          "GET /ok/teapot HTTP/1.1\r\nHost: b\r\n\r\n",
          "GET /ok HTTP/1.1\r\nHost: b\r\nx-tea: yes\r\n\r\n");

  private static Simulation<Cluster> run(String pods, String version, Map<String, Twin> twins) {
    Mesh.Builder mesh = Mesh.of(ManifestReader.in("default").text(pods, "pods.yaml").read());
    mesh.istio(version);
    twins.forEach(mesh::twin);
    Simulation<Cluster> run = mesh.start(Seed.DEFAULT);
    run.runUntil(Durations.seconds(20));
    return run;
  }

  private static Map<String, Twin> printed(Simulation<Cluster> run) {
    Map<String, Twin> twins = new LinkedHashMap<>();
    for (String name : SIDECARS) {
      RunningPod pod = run.world().pod("default", name).orElseThrow();
      String dump = ProxyConfig.dump(Mesh.envoy(run.world(), pod).orElseThrow().config()).pretty();
      twins.put(name, Twin.NONE.withEnvoy(ConfigDump.read(dump, name)));
    }
    return twins;
  }

  private static String answer(Simulation<Cluster> run, String from, String to, String bytes) {
    RunningPod client = run.world().pod("default", from).orElseThrow();
    Story story =
        ConnectionProbe.run(
            run.network(),
            client.namespace().process("caller", new SocketOwner(1001, 1001)),
            Endpoint.of(to),
            Bytes.of(bytes));
    return story.outcome() + " " + story.cause().map(Cause::code) + " " + story.peerSeen();
  }

  @ParameterizedTest(name = "{0}, policies: {1}")
  @CsvSource({"1.8,true", "1.9.5,false", "1.10,true", "1.20,false", "1.24,true", "1.30,true"})
  void answersAsTheMeshOfWhichItWasPrinted(String version, boolean policies) {
    String pods = policies ? PODS + POLICIES : PODS;
    Map<String, Twin> twins = printed(run(pods, version, Map.of()));
    for (Twin twin : twins.values()) {
      assertThat(twin.unmodelled()).isEmpty();
    }
    for (String from : List.of("a", "b", "c", "bare")) {
      for (String bytes : BYTES) {
        Simulation<Cluster> made = run(pods, version, Map.of());
        Simulation<Cluster> told = run(pods, version, twins);
        for (String to : ADDRESSES) {
          assertThat(answer(told, from, to, bytes))
              .as("%s to %s: %s", from, to, bytes)
              .isEqualTo(answer(made, from, to, bytes));
        }
      }
    }
  }
}
