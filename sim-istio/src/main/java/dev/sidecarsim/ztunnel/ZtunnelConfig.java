package dev.sidecarsim.ztunnel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/**
 * What istiod tells a ztunnel for one pod: who it is, whom it knows, and whom it lets in.
 *
 * @param identity of the pod, as in its certificate
 * @param workloads the pods that it knows, by their addresses
 * @param services the services that it knows, by their virtual addresses
 * @param access who may call the pod
 */
public record ZtunnelConfig(
    String identity,
    ImmutableMap<IpAddress, Workload> workloads,
    ImmutableMap<IpAddress, VirtualService> services,
    Access access) {

  /**
   * A pod.
   *
   * @param identity as in its certificate
   * @param tunnel whether it takes HBONE
   * @param unmodelled what is on the way to it and not modelled; empty for nothing
   */
  public record Workload(String name, String identity, boolean tunnel, String unmodelled) {}

  /**
   * A service with an address of its own.
   *
   * @param ports its endpoints by the port that is called
   * @param unmodelled what is on the way to it and not modelled; empty for nothing
   */
  public record VirtualService(
      String host, ImmutableMap<Integer, ImmutableList<Target>> ports, String unmodelled) {}

  /**
   * An endpoint of a service.
   *
   * @param host an address, or a name
   */
  public record Target(String host, int port) {}

  /**
   * Where a connection of the pod goes ({@code build_request()} of ztunnel's outbound.rs).
   *
   * @param resolver the addresses of a name
   */
  Destination destination(
      Endpoint called, Random random, Function<String, List<IpAddress>> resolver) {
    VirtualService service = services.get(called.address());
    if (service == null) {
      return toAddress(called);
    }
    if (!service.unmodelled().isEmpty()) {
      return new Destination.Unmodelled(service.unmodelled());
    }
    ImmutableList<Target> targets = service.ports().getOrDefault(called.port(), ImmutableList.of());
    if (targets.isEmpty()) {
      return new Destination.Nobody(service.host() + " has no endpoint for port " + called.port());
    }
    Target target = targets.get(random.nextInt(targets.size()));
    Optional<IpAddress> address = address(target, resolver);
    return address.isPresent()
        ? toAddress(new Endpoint(address.get(), target.port()))
        : new Destination.Nobody("the name " + target.host() + " has no address");
  }

  private static Optional<IpAddress> address(
      Target target, Function<String, List<IpAddress>> resolver) {
    return IpAddress.isLiteral(target.host())
        ? Optional.of(IpAddress.of(target.host()))
        : resolver.apply(target.host()).stream().findFirst();
  }

  private Destination toAddress(Endpoint called) {
    Workload workload = workloads.get(called.address());
    if (workload == null) {
      return new Destination.Plain(called, "nobody it knows");
    }
    if (!workload.unmodelled().isEmpty()) {
      return new Destination.Unmodelled(workload.unmodelled());
    }
    return workload.tunnel()
        ? new Destination.Tunnel(called, workload)
        : new Destination.Plain(called, workload.name() + ", which takes no HBONE");
  }
}
