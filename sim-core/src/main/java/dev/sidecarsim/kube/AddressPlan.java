package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.HashSet;
import java.util.Set;

/** Gives out addresses in a fixed order, past those that manifests have taken. */
final class AddressPlan {

  /** The first addresses of a range are left to gateways and to the cluster's own Services. */
  private static final int FIRST = 10;

  /** A unique local range (RFC 4193) beside the nodes' IPv4 one. */
  private static final Cidr NODES_V6 = Cidr.of("fd00:18::/64");

  private final Set<IpAddress> taken = new HashSet<>();
  private final Range pods;
  private final Range services;
  private final Range nodes;
  private final Range nodesV6 = new Range(NODES_V6);

  AddressPlan(ClusterSettings settings, Manifests manifests) {
    pods = new Range(settings.pods());
    services = new Range(settings.services());
    nodes = new Range(settings.nodes());
    manifests.pods().forEach(pod -> taken.addAll(pod.ips()));
    manifests.services().forEach(service -> taken.addAll(service.clusterIps()));
  }

  IpAddress pod() {
    return pods.next();
  }

  IpAddress node() {
    return nodes.next();
  }

  /** A node's IPv6 address, for pods that have one. */
  IpAddress nodeV6() {
    return nodesV6.next();
  }

  /** Services in the manifests' order, each with its address. */
  ImmutableList<Service> assign(ImmutableList<Service> all) {
    return all.stream().map(this::assign).collect(ImmutableList.toImmutableList());
  }

  private Service assign(Service service) {
    boolean none = service.headless() || service.type() == Service.Type.EXTERNAL_NAME;
    return none || !service.clusterIps().isEmpty()
        ? service
        : service.withClusterIps(ImmutableList.of(services.next()));
  }

  private final class Range {
    private final Cidr block;
    private IpAddress last;

    Range(Cidr block) {
      this.block = block;
      this.last = block.address().plus(FIRST - 1);
    }

    IpAddress next() {
      do {
        last = last.plus(1);
      } while (taken.contains(last));
      if (!block.contains(last)) {
        throw new ClusterException(
            "all addresses of " + block + " are given out; settings with a wider range have more");
      }
      return last;
    }
  }
}
