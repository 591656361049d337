package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which socket takes a connection first: what a kernel does with an injected pod's rules. */
class RedirectionTest {

  private static Echo.Running mesh(String version, String... annotations) {
    return new Echo()
        .pod("server", "server", "8080@0.0.0.0, 22@0.0.0.0", annotations)
        .pod("client", "client", "9000@0.0.0.0")
        .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
        .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
        .run(version);
  }

  private static Story call(Echo.Running mesh, String from, int uid, int gid, String to) {
    String address =
        to.replace("SERVER", mesh.pod("server").ip().toString())
            .replace("CLIENT", mesh.pod("client").ip().toString());
    Process caller = mesh.pod(from).namespace().process("caller", new SocketOwner(uid, gid));
    return ConnectionProbe.run(
        mesh.run().network(), caller, Endpoint.of(address), Bytes.of("hello\n"));
  }

  /** The pod and port of the first socket that accepted. */
  private static String first(Echo.Running mesh, Story story) {
    for (Trace.Entry entry : story.steps()) {
      if (entry.step() instanceof HostStep.Accepted accepted) {
        for (String pod : new String[] {"server", "client", "bare"}) {
          if (accepted.subject().equals(mesh.pod(pod).namespace().name())) {
            return pod + " " + accepted.listener().port();
          }
        }
      }
    }
    return story.outcome().code();
  }

  @ParameterizedTest(name = "{0}: {1} uid {2} gid {3} -> {4} is taken by {5}")
  @CsvSource({
    "1.9.5,bare,1000,1000,SERVER:8080,server 15006",
    "1.9.5,bare,1000,1000,SERVER:12345,server 15006",
    "1.9.5,bare,1000,1000,SERVER:15020,server 15020",
    "1.9.5,bare,1000,1000,SERVER:15021,server 15021",
    "1.9.5,bare,1000,1000,SERVER:15090,server 15090",
    "1.9.5,bare,1000,1000,SERVER:15008,REFUSED",
    "1.9.5,bare,1000,1000,SERVER:22,server 22",
    "1.12,bare,1000,1000,SERVER:22,server 22",
    "1.13,bare,1000,1000,SERVER:22,server 15006",
    "1.30,bare,1000,1000,SERVER:22,server 15006",
    "1.9.5,bare,1000,1000,SERVER:15001,server 15006",
    "1.9.5,bare,1000,1000,SERVER:15006,server 15006",
    "1.9.5,server,1000,1000,127.0.0.1:8080,server 8080",
    "1.9.5,server,1000,1000,127.0.0.3:8080,server 8080",
    "1.9.5,server,1000,1000,SERVER:8080,server 8080",
    "1.9.5,server,1000,1000,SERVER:15001,server 15001",
    "1.9.5,server,1000,1000,127.0.0.1:15001,server 15001",
    "1.9.5,client,1000,1000,SERVER:8080,client 15001",
    "1.9.5,client,1000,1000,10.96.0.80:8080,client 15001",
    "1.9.5,client,1337,1337,SERVER:8080,server 15006",
    "1.9.5,client,1337,1000,SERVER:8080,server 15006",
    "1.9.5,client,1000,1337,SERVER:8080,server 15006",
    "1.9.5,server,1337,1337,SERVER:8080,server 15006",
    "1.9.5,server,1337,1337,SERVER:15001,server 15006",
    "1.9.5,server,1337,1337,SERVER:15008,server 15006",
    "1.17,server,1337,1337,SERVER:15008,server 15006",
    "1.18,server,1337,1337,SERVER:15008,REFUSED",
    "1.9.5,server,1337,1337,127.0.0.1:8080,server 8080",
    "1.9.5,server,1337,1337,127.0.0.2:8080,server 15006",
    "1.9.5,server,1000,1337,SERVER:8080,server 8080",
  })
  void takesAConnection(String version, String from, int uid, int gid, String to, String expected) {
    Echo.Running mesh = mesh(version);

    assertThat(first(mesh, call(mesh, from, uid, gid, to))).isEqualTo(expected);
  }

  @Test
  void theCapturePortItselfEndsInTheBlackHole() {
    Echo.Running mesh = mesh("1.10.0");
    Story story = call(mesh, "bare", 1000, 1000, "SERVER:15006");

    assertThat(mesh.verdict(story)).isEqualTo("eof");
    assertThat(story.cause()).map(Cause::code).contains("BLACK_HOLE_CLUSTER");
  }

  @Test
  void envoyLearnsTheAddressThatWasCalled() {
    Echo.Running mesh = mesh("1.10.0");
    Story story = call(mesh, "bare", 1000, 1000, "SERVER:12345");

    assertThat(story.steps())
        .extracting(Trace.Entry::step)
        .filteredOn(EnvoyStep.ListenerChosen.class::isInstance)
        .extracting(step -> ((EnvoyStep.ListenerChosen) step).called())
        .containsExactly(new Endpoint(mesh.pod("server").ip(), 12345));
  }

  @ParameterizedTest(name = "{0}: {1} -> {2} is taken by {3}")
  @CsvSource({
    "traffic.sidecar.istio.io/excludeInboundPorts: \"8080\",bare,SERVER:8080,server 8080",
    "traffic.sidecar.istio.io/includeInboundPorts: \"9090\",bare,SERVER:8080,server 8080",
    "traffic.sidecar.istio.io/includeInboundPorts: \"8080\",bare,SERVER:8080,server 15006",
    "traffic.sidecar.istio.io/includeInboundPorts: \"\",bare,SERVER:8080,server 8080",
    "traffic.sidecar.istio.io/excludeOutboundPorts: \"9000\",server,CLIENT:9000,client 15006",
    "traffic.sidecar.istio.io/includeOutboundIPRanges: 10.250.0.0/16,server,CLIENT:9000,client"
        + " 15006",
    "traffic.sidecar.istio.io/includeOutboundIPRanges: 10.244.0.0/16,server,CLIENT:9000,server"
        + " 15001",
    "traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.244.0.0/16,server,CLIENT:9000,client"
        + " 15006",
  })
  void annotationsMoveWhatIsTaken(String annotation, String from, String to, String expected) {
    Echo.Running mesh = mesh("1.10.0", annotation);

    assertThat(first(mesh, call(mesh, from, 1000, 1000, to))).isEqualTo(expected);
  }

  @Test
  void anExcludedPortIsStillRedirectedWhereThePodCallsItselfThroughItsProxy() {
    Echo.Running mesh = mesh("1.9.5", "traffic.sidecar.istio.io/excludeInboundPorts: \"8080\"");
    Story story = call(mesh, "server", 1000, 1000, "10.96.0.80:8080");

    assertThat(story.steps())
        .extracting(Trace.Entry::step)
        .filteredOn(EnvoyStep.ListenerChosen.class::isInstance)
        .extracting(step -> ((EnvoyStep.ListenerChosen) step).listener())
        .contains("virtualInbound");
  }
}
