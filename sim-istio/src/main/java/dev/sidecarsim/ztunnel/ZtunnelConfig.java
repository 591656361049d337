package dev.sidecarsim.ztunnel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
   * @param waypoint through which it is called by its own address
   */
  public record Workload(
      String name, String identity, boolean tunnel, Optional<Waypoint> waypoint) {}

  /**
   * A proxy that calls pass on their way.
   *
   * @param name in words
   * @param endpoints where it ends tunnels
   */
  public record Waypoint(String name, ImmutableList<Endpoint> endpoints) {}

  /**
   * A service with an address of its own.
   *
   * @param ports its endpoints by the port that is called
   * @param waypoint through which it is called
   */
  public record VirtualService(
      String host,
      ImmutableMap<Integer, ImmutableList<Target>> ports,
      Optional<Waypoint> waypoint) {}

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
    Optional<Waypoint> waypoint = waypoint(called, service);
    if (waypoint.isPresent()) {
      return through(waypoint.get(), called, random);
    }
    if (service == null) {
      return toAddress(called);
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

  /** A pod's own waypoint has no say where a service is called. */
  private Optional<Waypoint> waypoint(Endpoint called, @Nullable VirtualService service) {
    if (service != null) {
      return service.waypoint();
    }
    return Optional.ofNullable(workloads.get(called.address())).flatMap(Workload::waypoint);
  }

  /** A waypoint is asked for what was called, an address of a service too. */
  private static Destination through(Waypoint waypoint, Endpoint called, Random random) {
    ImmutableList<Endpoint> ends = waypoint.endpoints();
    return ends.isEmpty()
        ? new Destination.Nobody(waypoint.name() + " has no endpoint")
        : new Destination.Tunnel(called, waypoint.name(), ends.get(random.nextInt(ends.size())));
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
    return workload.tunnel()
        ? new Destination.Tunnel(
            called, workload.name(), new Endpoint(called.address(), Ztunnel.TUNNEL_PORT))
        : new Destination.Plain(called, workload.name() + ", which takes no HBONE");
  }
}
