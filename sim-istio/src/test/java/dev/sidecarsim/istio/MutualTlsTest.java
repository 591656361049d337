package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Outcome;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Which client reaches a server under which PeerAuthentication, and in what. */
class MutualTlsTest {

  private static final List<String> MODES = List.of("DISABLE", "PERMISSIVE", "STRICT");
  private static final String VIP = "10.96.0.80";
  private static final int PORT = 8080;
  private static final int UNDECLARED = 8081;

  @TestFactory
  Stream<DynamicTest> cells() {
    return FactTable.of("mtls.md", "Matrix").stream()
        .flatMap(
            row ->
                row.versions("versions").stream()
                    .flatMap(
                        version ->
                            row.list("level").stream()
                                .flatMap(level -> cells(row, version, level))));
  }

  private static Stream<DynamicTest> cells(FactTable.Row row, String version, String level) {
    return MODES.stream()
        .map(
            mode ->
                DynamicTest.dynamicTest(
                    "%s, %s of %s: %s -> %s: %s"
                        .formatted(
                            version,
                            mode,
                            level,
                            row.get("client"),
                            row.get("server"),
                            row.get(mode)),
                    () -> check(row, version, level, mode)));
  }

  private static void check(FactTable.Row row, String version, String level, String mode) {
    List<String> words = Splitter.on('+').splitToList(row.get("client"));
    String kind = words.get(0);
    Echo mesh = mesh(kind, row.get("server"));
    int port = kind.equals("undeclared") ? UNDECLARED : PORT;
    mesh.add(policy(level, mode, port));
    if (words.size() > 1) {
      mesh.add(destinationRule(words.get(1).equals("mutual") ? "ISTIO_MUTUAL" : "DISABLE"));
    }
    Echo.Running run = mesh.run(version);
    Story story = call(run, kind, port);

    assertThat(told(story)).isEqualTo(row.get(mode));
    if (story.delivered()) {
      String peer = peer(row.get("server"), port, version).replace("the caller", caller(kind));
      assertThat(run.verdict(story)).isEqualTo("echo<" + peer + ">");
    }
  }

  private static String peer(String server, int port, String version) {
    return FactTable.of("mtls.md", "Whom the server sees").stream()
        .filter(row -> row.list("server").contains(server))
        .filter(row -> row.get("port").equals(Integer.toString(port)))
        .filter(row -> row.versions("versions").contains(version))
        .findFirst()
        .orElseThrow()
        .get("peer");
  }

  private static Echo mesh(String kind, String server) {
    boolean http = kind.startsWith("http-");
    String listen = http ? "8080@0.0.0.0/http" : "8080@0.0.0.0, 8081@0.0.0.0";
    String[] annotations =
        switch (server) {
          case "not injected" -> new String[] {Echo.NOT_INJECTED};
          case "port excluded" -> new String[] {exclude("In")};
          default -> new String[0];
        };
    boolean headless = kind.equals("headless") || kind.equals("mixed");
    String name = http ? "http-echo" : "tcp-echo";
    Echo mesh =
        new Echo()
            .pod("server", "server", listen, annotations)
            .pod("client", "client", "")
            .pod("bypassing", "bypassing", "", exclude("Out"))
            .pod("bare", "bare", "", Echo.NOT_INJECTED)
            .service("server", "server", headless ? "None" : VIP, name, PORT);
    return kind.equals("mixed") ? mesh.pod("second", "server", listen, Echo.NOT_INJECTED) : mesh;
  }

  private static String exclude(String way) {
    return "traffic.sidecar.istio.io/exclude" + way + "boundPorts: \"" + PORT + "\"";
  }

  private static String policy(String level, String mode, int port) {
    String namespace = level.equals("mesh") ? "istio-system" : "default";
    String spec =
        switch (level) {
          case "workload" -> "{selector: {matchLabels: {app: server}}, mtls: {mode: %s}}";
          case "port" ->
              "{selector: {matchLabels: {app: server}}, portLevelMtls: {" + port + ": {mode: %s}}}";
          default -> "{mtls: {mode: %s}}";
        };
    return """
        apiVersion: security.istio.io/v1beta1
        kind: PeerAuthentication
        metadata: {name: policy, namespace: %s}
        spec: %s
        """
        .formatted(namespace, spec.formatted(mode));
  }

  private static String destinationRule(String mode) {
    return """
        apiVersion: networking.istio.io/v1beta1
        kind: DestinationRule
        metadata: {name: rule, namespace: default}
        spec: {host: server.default.svc.cluster.local, trafficPolicy: {tls: {mode: %s}}}
        """
        .formatted(mode);
  }

  private static Story call(Echo.Running mesh, String kind, int port) {
    String pod = mesh.pod("server").ip().toString();
    String to = kind.equals("vip") ? VIP : pod;
    int uid = kind.equals("uid 1337") ? 1337 : 1001;
    int gid = kind.endsWith("id 1337") ? 1337 : 1001;
    Dial dial = Dial.to(Endpoint.of(to + ":" + port));
    return mesh.call(caller(kind), new SocketOwner(uid, gid), dial, bytes(kind, pod));
  }

  private static String caller(String kind) {
    return switch (kind) {
      case "bare" -> "bare";
      case "excluded" -> "bypassing";
      default -> "client";
    };
  }

  private static String bytes(String kind, String pod) {
    return switch (kind) {
      case "http-host" -> "GET / HTTP/1.1\r\nHost: server.default.svc.cluster.local\r\n\r\n";
      case "http-ip" -> "GET / HTTP/1.1\r\nHost: " + pod + ":" + PORT + "\r\n\r\n";
      default -> "hello\n";
    };
  }

  /** {@code mTLS} or {@code plain} if it was delivered, else what the caller saw, and the cause. */
  private static String told(Story story) {
    if (story.delivered()) {
      return spokenFirst(story) instanceof TransportSocket.UpstreamTls ? "mTLS" : "plain";
    }
    String seen =
        story.outcome() instanceof Outcome.HttpError error
            ? Integer.toString(error.status())
            : story.outcome().code().startsWith("ACCEPTED_THEN") ? "eof" : story.outcome().code();
    return seen + " " + story.cause().map(Cause::code).orElse("");
  }

  /** What the first proxy on the way spoke to its upstream. */
  private static TransportSocket spokenFirst(Story story) {
    return story.steps().stream()
        .map(Trace.Entry::step)
        .filter(EnvoyStep.HostChosen.class::isInstance)
        .map(step -> ((EnvoyStep.HostChosen) step).transport())
        .findFirst()
        .orElse(TransportSocket.RAW);
  }

  @TestFactory
  Stream<DynamicTest> probes() {
    return FactTable.of("mtls.md", "Probes").stream()
        .flatMap(
            row ->
                row.versions("versions").stream()
                    .flatMap(
                        version ->
                            row.list("policies").stream()
                                .flatMap(mode -> probes(row, version, mode))));
  }

  private static Stream<DynamicTest> probes(FactTable.Row row, String version, String mode) {
    return Stream.of("pod", "127.0.0.1", "nothing")
        .map(
            bind ->
                DynamicTest.dynamicTest(
                    "%s, %s, %s probe, bound to %s"
                        .formatted(version, mode, row.get("probe"), bind),
                    () ->
                        assertThat(ready(row.get("probe"), version, mode, bind))
                            .isEqualTo(row.get(bind).equals("yes"))));
  }

  private static boolean ready(String probe, String version, String mode, String bind) {
    String action =
        switch (probe) {
          case "http" -> "httpGet: {path: /, port: 8080}";
          case "grpc" -> "grpc: {port: 8080}";
          default -> "tcpSocket: {port: 8080}";
        };
    return new Echo()
        .add(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: server
              namespace: default
              labels: {app: server}
              annotations: {sidecarsim.dev/listen: "%s"}
            spec:
              containers:
              - {name: app, image: example/echo, readinessProbe: {%s, periodSeconds: 1}}
            """
                .formatted(bind.equals("nothing") ? "" : "8080@" + bind, action))
        .service("server", "server", VIP, probe + "-echo", PORT)
        .peerAuthentication(mode)
        .run(version)
        .pod("server")
        .ready();
  }
}
