package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.kube.GuestMachine;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a virtual machine calls is outbound only where the pod says on which interface it hangs. */
class GuestMachineTest {

  private static final String VIP = "10.96.0.80";
  private static final String IFACE = "k6t-eth0";

  private static Story call(Echo mesh, String version) {
    Echo.Running run = mesh.service("server", "server", VIP, "tcp-echo", 8080).run(version);
    NetworkNamespace guest = GuestMachine.behind(run.pod("vm"), IFACE, run.run().world().network());
    return ConnectionProbe.run(
        run.run().network(),
        guest.process("curl", SocketOwner.ROOT),
        Endpoint.of(VIP + ":8080"),
        Bytes.of("hello\n"));
  }

  private static String answer(Story story) {
    return story.outcome().code()
        + story.cause().map(cause -> " " + cause.code()).orElse("")
        + story.peerSeen().map(peer -> " " + peer.address()).orElse("");
  }

  /**
   * Without the annotation the kernel's REDIRECT leads the call to the inbound listener, whose
   * connections come from 127.0.0.6, and from there Linux sends nothing over eth0 (EINVAL).
   */
  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource({
    "1.10, a: b, ACCEPTED_THEN_RESET NO_ROUTE",
    "1.10, traffic.sidecar.istio.io/kubevirtInterfaces: k6t-eth0, DELIVERED 127.0.0.6",
    "1.10, traffic.sidecar.istio.io/kubevirtInterfaces: vnet0, ACCEPTED_THEN_RESET NO_ROUTE",
    "1.24, istio.io/reroute-virtual-interfaces: k6t-eth0, ACCEPTED_THEN_RESET NO_ROUTE",
    "1.25, istio.io/reroute-virtual-interfaces: k6t-eth0, DELIVERED 127.0.0.6",
    "1.30, istio.io/reroute-virtual-interfaces: k6t-eth0, DELIVERED 127.0.0.6",
    "1.30, traffic.sidecar.istio.io/kubevirtInterfaces: k6t-eth0, DELIVERED 127.0.0.6",
  })
  void behindASidecar(String version, String annotation, String expected) {
    Echo mesh = new Echo().pod("server", "server", "8080@pod").pod("vm", "vm", "", annotation);

    assertThat(answer(call(mesh, version))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}, {1}: delivered {2}")
  @CsvSource({
    "1.24, istio.io/reroute-virtual-interfaces: k6t-eth0, false",
    "1.25, istio.io/reroute-virtual-interfaces: k6t-eth0, true",
    "1.30, istio.io/reroute-virtual-interfaces: k6t-eth0, true",
    "1.30, a: b, false",
  })
  void inAmbientMode(String version, String annotation, boolean delivered) {
    Echo mesh =
        AmbientMesh.empty()
            .add(AmbientMesh.pod("server", AmbientMesh.AMBIENT, "8080@pod"))
            .add(
                AmbientMesh.pod("vm", AmbientMesh.AMBIENT, "")
                    .replace("annotations: {", "annotations: {" + annotation + ", "))
            .peerAuthentication("STRICT");
    Story story = call(mesh, version);

    assertThat(story.outcome().code().equals("DELIVERED")).isEqualTo(delivered);
    assertThat(story.peerSeen().map(peer -> peer.address().toString()).orElse(""))
        .as("the pod's own address")
        .startsWith(delivered ? "10.244." : "");
  }
}
