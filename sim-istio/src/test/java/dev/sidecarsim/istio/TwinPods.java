package dev.sidecarsim.istio;

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

/** Pods under Istio 1.20 of which one has what a real one had. */
final class TwinPods {

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

  private TwinPods() {}

  /** Reads a dump in which apostrophes stand for quotes. */
  static ConfigDump dump(String json) {
    return ConfigDump.read(json.replace('\'', '"'), "dump.json");
  }

  /** What becomes of a call by a program that is no proxy. */
  static Story call(String from, String pod, Twin twin, String to) {
    return call(from, pod, twin, to, Bytes.of("hello\n"));
  }

  static Story call(String from, String pod, Twin twin, String to, Bytes request) {
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
        request);
  }

  /** A call from outside of the mesh, of the server's own address. */
  static Story callServer(Twin twin) {
    return call("plain", "server", twin, "10.244.0.20:8080");
  }
}
