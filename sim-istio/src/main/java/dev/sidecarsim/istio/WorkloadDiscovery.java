package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.ztunnel.Access;
import dev.sidecarsim.ztunnel.ZtunnelConfig;

/**
 * What an istiod tells ztunnels (pilot/pkg/serviceregistry/ambient): every pod by its address,
 * every service that has an address, and the policies of the ztunnel's own pod. Resources that only
 * sidecars look at (Sidecar, DestinationRule, VirtualService, outboundTrafficPolicy) have no say.
 */
final class WorkloadDiscovery {

  private final IstioManifests resources;
  private final MeshView view;
  private final Waypoints waypoints;
  private final ImmutableList<MeshService> registry;
  private final ImmutableMap<IpAddress, ZtunnelConfig.Workload> workloads;
  private final ImmutableMap<IpAddress, ZtunnelConfig.VirtualService> services;

  WorkloadDiscovery(VersionPreset preset, IstioManifests resources, MeshView view) {
    this.resources = resources;
    this.view = view;
    this.waypoints = new Waypoints(resources, view);
    ImmutableList<MeshService> all = new ServiceRegistry(view, preset, resources).services();
    this.registry = all;
    this.workloads = workloads();
    this.services = services(all);
  }

  /** What the ztunnel of a pod is told. */
  ZtunnelConfig config(Pod pod) {
    return new ZtunnelConfig(identity(pod), workloads, services, access(pod));
  }

  private String identity(Pod pod) {
    return "spiffe://"
        + resources.mesh().trustDomain()
        + "/ns/"
        + pod.namespace()
        + "/sa/"
        + pod.spec().serviceAccount();
  }

  /** Pods in their node's network are not told by their address. */
  private ImmutableMap<IpAddress, ZtunnelConfig.Workload> workloads() {
    ImmutableMap.Builder<IpAddress, ZtunnelConfig.Workload> all = ImmutableMap.builder();
    for (Pod pod : view.pods().values()) {
      if (!pod.spec().hostNetwork()) {
        ZtunnelConfig.Workload workload = workload(pod);
        pod.ips().forEach(address -> all.put(address, workload));
      }
    }
    return all.buildKeepingLast();
  }

  private ZtunnelConfig.Workload workload(Pod pod) {
    return new ZtunnelConfig.Workload(
        pod.name(), identity(pod), Hbone.takenBy(pod), waypoints.of(pod).map(this::waypoint));
  }

  private ZtunnelConfig.Waypoint waypoint(Waypoints.Waypoint waypoint) {
    ImmutableList<Endpoint> ends =
        registry.stream()
            .filter(
                service ->
                    service.name().equals(waypoint.name())
                        && service.namespace().equals(waypoint.namespace()))
            .flatMap(service -> service.ports().stream())
            .filter(port -> port.number() == Hbone.PORT)
            .flatMap(port -> port.instances().stream())
            .flatMap(
                each -> each.address().map(address -> new Endpoint(address, each.port())).stream())
            .collect(ImmutableList.toImmutableList());
    return new ZtunnelConfig.Waypoint(waypoint.toString(), ends);
  }

  /** A service whose callers know the address already is none for ztunnel. */
  private ImmutableMap<IpAddress, ZtunnelConfig.VirtualService> services(
      ImmutableList<MeshService> all) {
    ImmutableMap.Builder<IpAddress, ZtunnelConfig.VirtualService> byAddress =
        ImmutableMap.builder();
    for (MeshService service : all) {
      if (service.resolution() != MeshService.Resolution.PASSTHROUGH) {
        for (Cidr block : service.addresses()) {
          if (block.isHost()) {
            byAddress.put(block.address(), virtual(service, block.address().v6()));
          }
        }
      }
    }
    return byAddress.buildKeepingLast();
  }

  private ZtunnelConfig.VirtualService virtual(MeshService service, boolean v6) {
    ImmutableMap.Builder<Integer, ImmutableList<ZtunnelConfig.Target>> ports =
        ImmutableMap.builder();
    for (MeshService.Port port : service.ports()) {
      ports.put(
          port.number(),
          port.instances().stream()
              .filter(each -> each.address().map(address -> address.v6() == v6).orElse(true))
              .map(each -> new ZtunnelConfig.Target(each.host(), each.port()))
              .collect(ImmutableList.toImmutableList()));
    }
    return new ZtunnelConfig.VirtualService(
        service.host(), ports.buildKeepingLast(), waypoints.of(service).map(this::waypoint));
  }

  /** PeerAuthentications other than STRICT demand nothing, and policies count as L4 only. */
  private Access access(Pod pod) {
    PolicyIndex modes =
        new PolicyIndex(resources.peerAuthentications(), resources.mesh().rootNamespace());
    ImmutableMap<String, String> labels = pod.meta().labels();
    ImmutableMap.Builder<Integer, Boolean> ports = ImmutableMap.builder();
    modes
        .workload(pod.namespace(), labels)
        .ifPresent(
            policy ->
                policy
                    .portLevel()
                    .keySet()
                    .forEach(
                        port ->
                            ports.put(
                                port,
                                modes.portMode(pod.namespace(), labels, port) == TlsMode.STRICT)));
    return new Access(
        modes.workloadMode(pod.namespace(), labels) == TlsMode.STRICT,
        ports.buildOrThrow(),
        AmbientPolicies.of(resources, pod));
  }
}
