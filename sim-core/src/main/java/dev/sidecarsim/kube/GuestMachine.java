package dev.sidecarsim.kube;

import dev.sidecarsim.host.InterfaceAddress;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.sim.Network;
import java.util.List;

/**
 * A machine inside a pod: KubeVirt's virtual machine, or a container of docker-in-docker. It hangs
 * on an interface of the pod, which forwards what it sends and gives it the pod's own address, as
 * KubeVirt's masquerade binding does.
 */
public final class GuestMachine {

  private static final String NAME = " guest";

  /** KubeVirt's default for masquerade: {@code vmNetworkCIDR} and {@code vmIPv6NetworkCIDR}. */
  private static final InterfaceAddress HOST_V4 = InterfaceAddress.of("10.0.2.1/24");

  private static final InterfaceAddress HOST_V6 = InterfaceAddress.of("fd10:0:2::1/120");
  private static final InterfaceAddress GUEST_V4 = InterfaceAddress.of("10.0.2.2/24");
  private static final InterfaceAddress GUEST_V6 = InterfaceAddress.of("fd10:0:2::2/120");

  private GuestMachine() {}

  /**
   * Starts a machine behind a new interface of a pod.
   *
   * @param iface the interface's name in the pod, such as {@code k6t-eth0}
   * @throws IllegalArgumentException if the pod has an interface of this name, or a guest
   */
  public static NetworkNamespace behind(RunningPod pod, String iface, Network network) {
    NetworkNamespace host = pod.namespace();
    NetworkNamespace guest = network.namespace(host.name() + NAME);
    network.cable(
        new Network.End(guest, "eth0", List.of(GUEST_V4, GUEST_V6)),
        new Network.End(host, iface, List.of(HOST_V4, HOST_V6)),
        KubeTimings.POD_LINK);
    guest.ip().routes().add("default via " + HOST_V4.address() + " dev eth0");
    guest.ip().routes().add("::/0 via " + HOST_V6.address() + " dev eth0");
    host.ip().netfilter().change(Family.IPV4, masquerade(GUEST_V4));
    host.ip().netfilter().change(Family.IPV6, masquerade(GUEST_V6));
    return guest;
  }

  private static String masquerade(InterfaceAddress guest) {
    return "*nat\n-A POSTROUTING -s " + guest.address() + " -j MASQUERADE\nCOMMIT\n";
  }
}
