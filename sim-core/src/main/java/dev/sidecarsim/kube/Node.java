package dev.sidecarsim.kube;

import dev.sidecarsim.host.InterfaceAddress;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Network;
import dev.sidecarsim.sim.Segment;
import java.util.List;

/**
 * A machine: a network namespace that routes to its pods, and the kubelet in it.
 *
 * <p>Its default route goes to a router that is not there, so what is outside of the cluster is
 * unreachable; calls of Services take that route, too, until a rule turns them.
 *
 * <p>A pod hangs on a point-to-point link of its own. Its default route goes to 169.254.1.1, an
 * address that nobody has and the link answers for, as Calico does it.
 */
public final class Node {

  private static final String GATEWAY = "169.254.1.1";

  private final String name;
  private final IpAddress ip;
  private final IpAddress ipV6;
  private final Network network;
  private final NetworkNamespace namespace;
  private final Process kubelet;
  private int links;

  Node(
      String name,
      IpAddress ip,
      IpAddress ipV6,
      IpAddress router,
      Network network,
      Segment fabric) {
    this.name = name;
    this.ip = ip;
    this.ipV6 = ipV6;
    this.network = network;
    this.namespace = network.namespace(name);
    fabric.attach(
        namespace, "eth0", List.of(new InterfaceAddress(ip, 16), new InterfaceAddress(ipV6, 64)));
    namespace.ip().routes().add("default via " + router + " dev eth0");
    this.kubelet = namespace.process("kubelet", SocketOwner.ROOT);
  }

  public String name() {
    return name;
  }

  public IpAddress ip() {
    return ip;
  }

  public NetworkNamespace namespace() {
    return namespace;
  }

  /** The process whose connections the kubelet's network probes are. */
  Process kubelet() {
    return kubelet;
  }

  /** Makes a pod's namespace, joins it to this node, and routes the pod's addresses to it. */
  NetworkNamespace addPod(String namespaceName, List<IpAddress> ips) {
    NetworkNamespace pod = network.namespace(namespaceName);
    String link = "cali" + ++links;
    List<InterfaceAddress> addresses =
        ips.stream().map(address -> new InterfaceAddress(address, address.width())).toList();
    network.cable(
        new Network.End(pod, "eth0", addresses),
        new Network.End(namespace, link, List.of()),
        KubeTimings.POD_LINK);
    for (IpAddress address : ips) {
      if (address.v4()) {
        pod.ip().routes().add(GATEWAY + " dev eth0");
        pod.ip().routes().add("default via " + GATEWAY + " dev eth0");
      } else {
        pod.ip().routes().add("::/0 dev eth0");
      }
      namespace.ip().routes().add(address + " dev " + link);
    }
    return pod;
  }

  /** Routes another node's pod to that node. */
  void routeVia(Node other, List<IpAddress> ips) {
    for (IpAddress address : ips) {
      IpAddress via = address.v4() ? other.ip : other.ipV6;
      namespace.ip().routes().add(address + " via " + via + " dev eth0");
    }
  }

  @Override
  public String toString() {
    return name + " " + ip;
  }
}
