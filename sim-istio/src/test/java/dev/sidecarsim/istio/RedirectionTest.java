package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import org.junit.jupiter.api.Test;

/** What redirected connections come to at the proxy. */
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
