package dev.sidecarsim.istio;

import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.istio.version.IstioVersion;
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
import dev.sidecarsim.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small mesh of echo pods, and calls between them. */
final class Echo {

  /** The annotation of a pod that gets no sidecar. */
  static final String NOT_INJECTED = "sidecar.istio.io/inject: \"false\"";

  private final StringBuilder yaml = new StringBuilder();
  private final Map<String, String> env = new LinkedHashMap<>();

  Echo() {
    this(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: default, labels: {istio-injection: enabled}}
        """);
  }

  /** A mesh with another namespace, or whatever else is to come first. */
  Echo(String document) {
    add(document);
  }

  /** Adds a document. */
  Echo add(String document) {
    yaml.append("---\n").append(document);
    return this;
  }

  Echo env(String name, String value) {
    env.put(name, value);
    return this;
  }

  /** Adds a pod that listens as the annotation says. */
  Echo pod(String name, String app, String listen, String... annotations) {
    StringBuilder more = new StringBuilder();
    for (String annotation : annotations) {
      more.append("    ").append(annotation).append('\n');
    }
    return add(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: default
          labels: {app: %s}
          annotations:
            sidecarsim.dev/listen: "%s"
        %sspec:
          containers:
          - {name: app, image: example/echo}
        """
            .formatted(name, app, listen, more));
  }

  /** Adds a Service for pods of an app. */
  Echo service(String name, String app, String clusterIp, String portName, int port) {
    return add(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: default}
        spec:
          clusterIP: %s
          selector: {app: %s}
          ports:
          - {name: %s, port: %d}
        """
            .formatted(name, clusterIp, app, portName, port));
  }

  Echo peerAuthentication(String mode) {
    return add(
        """
        apiVersion: security.istio.io/v1beta1
        kind: PeerAuthentication
        metadata: {name: policy, namespace: default}
        spec: {mtls: {mode: %s}}
        """
            .formatted(mode));
  }

  /** The document that gives istiod a mesh configuration, written in one line. */
  static String meshConfig(String setting) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: istio, namespace: istio-system}
        data:
          mesh: |
            %s
        """
        .formatted(setting);
  }

  /** Runs the mesh for 20 seconds; a version of {@code none} is a cluster without Istio. */
  Running run(String version) {
    Simulation<Cluster> run = start(version);
    run.runUntil(Durations.seconds(20));
    return new Running(run);
  }

  /** Starts the mesh. */
  Simulation<Cluster> start(String version) {
    Mesh.Builder mesh =
        Mesh.of(ManifestReader.in("default").text(yaml.toString(), "test.yaml").read());
    mesh.istiodEnv(env);
    mesh.istio(version.equals("none") ? Optional.empty() : Optional.of(IstioVersion.of(version)));
    return mesh.start(Seed.DEFAULT);
  }

  /** A mesh that runs. */
  record Running(Simulation<Cluster> run) {

    RunningPod pod(String name) {
      return run.world().pod("default", name).orElseThrow();
    }

    /** The first address of a name, as a program in the pod resolves it. */
    String resolve(String from, String name) {
      Process program = pod(from).namespace().process("dig", new SocketOwner(1001, 1001));
      return program.resolve(name).get(0).toString();
    }

    Story call(String from, int uid, String to, String bytes) {
      return call(from, new SocketOwner(uid, uid), Dial.to(Endpoint.of(to)), bytes);
    }

    /** A call of a program on the node of a pod, as the kubelet is one. */
    Story callFromNode(String ofPod, Dial dial, String bytes) {
      Process caller = pod(ofPod).node().namespace().process("curl", SocketOwner.ROOT);
      return ConnectionProbe.run(run.network(), caller, dial, Bytes.of(bytes));
    }

    Story call(String from, String to, Bytes bytes) {
      Process caller = pod(from).namespace().process("caller", new SocketOwner(1001, 1001));
      return ConnectionProbe.run(run.network(), caller, Dial.to(Endpoint.of(to)), bytes);
    }

    Story call(String from, SocketOwner owner, Dial dial, String bytes) {
      Process caller = pod(from).namespace().process("caller", owner);
      return ConnectionProbe.run(run.network(), caller, dial, Bytes.of(bytes));
    }

    /** The pod and port of the first socket that accepted, else what the caller saw. */
    String takenBy(Story story) {
      for (Trace.Entry entry : story.steps()) {
        if (entry.step() instanceof HostStep.Accepted accepted) {
          return podOf(accepted.subject()) + " " + accepted.listener().port();
        }
      }
      return verdict(story);
    }

    private String podOf(String namespace) {
      return run.world().pods().stream()
          .filter(pod -> pod.namespace().name().equals(namespace))
          .map(pod -> pod.spec().name())
          .findFirst()
          .orElse(namespace);
    }

    /** The listeners that took the connection, one a proxy, such as {@code virtualInbound}. */
    List<EnvoyStep.ListenerChosen> listeners(Story story) {
      return story.steps().stream()
          .map(Trace.Entry::step)
          .filter(EnvoyStep.ListenerChosen.class::isInstance)
          .map(EnvoyStep.ListenerChosen.class::cast)
          .toList();
    }

    Story call(String from, String toPod, int port) {
      return call(from, 1001, pod(toPod).ip() + ":" + port, "hello\n");
    }

    /**
     * {@code PEER at LOCAL} as the program that was reached saw them, else {@code eof CAUSE} or
     * {@code refused CAUSE}. Addresses of pods are told by the pod's name, that of the server as
     * {@code pod}.
     */
    String answer(Story story, String server) {
      if (!story.delivered()) {
        return verdict(story) + " " + story.cause().map(Cause::code).orElse("");
      }
      return name(story.peerSeen().orElseThrow(), server)
          + " at "
          + name(story.localSeen().orElseThrow(), server);
    }

    private String name(Endpoint endpoint, String server) {
      for (RunningPod pod : run.world().pods()) {
        if (pod.ips().contains(endpoint.address())) {
          return pod.spec().name().equals(server) ? "pod" : pod.spec().name();
        }
      }
      return endpoint.address().toString();
    }

    /** {@code echo<ADDRESS>}, {@code eof} or {@code refused}, as the caller's program sees it. */
    String verdict(Story story) {
      if (story.delivered()) {
        String peer = story.peerSeen().orElseThrow().address().toString();
        for (RunningPod pod : run.world().pods()) {
          if (pod.ip().toString().equals(peer)) {
            return "echo<" + pod.spec().name() + ">";
          }
        }
        return "echo<" + peer + ">";
      }
      return switch (story.outcome().code()) {
        case "ACCEPTED_THEN_CLOSED", "ACCEPTED_THEN_RESET" -> "eof";
        case "REFUSED" -> "refused";
        default -> story.outcome().code();
      };
    }
  }
}
