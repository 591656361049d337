package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.Endpoints;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.Service;
import dev.sidecarsim.kube.ServicePort;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Protocol;
import java.util.Optional;

/** Turns what the cluster and the ServiceEntries declare into services, oldest first. */
final class ServiceRegistry {

  private final MeshView view;

  ServiceRegistry(MeshView view) {
    this.view = view;
  }

  ImmutableList<MeshService> services(Iterable<ServiceEntry> entries) {
    ImmutableList.Builder<MeshService> all = ImmutableList.builder();
    for (MeshView.Backed backed : view.services()) {
      all.add(of(backed));
    }
    for (ServiceEntry entry : entries) {
      entry.hosts().forEach(host -> all.add(of(entry, host)));
    }
    return all.build();
  }

  private MeshService of(MeshView.Backed backed) {
    Service service = backed.service();
    boolean named = service.type() == Service.Type.EXTERNAL_NAME;
    ImmutableList.Builder<MeshService.Port> ports = ImmutableList.builder();
    for (ServicePort port : service.ports()) {
      if (port.protocol().equals(Protocol.TCP)) {
        ports.add(
            new MeshService.Port(
                port.port(),
                port.nameOrEmpty(),
                ServiceProtocol.of(port.appProtocol(), port.nameOrEmpty(), port.port()),
                named ? external(service, port) : instances(backed, port)));
      }
    }
    return new MeshService(
        service.hostname(view.domain()),
        service.name(),
        service.namespace(),
        service.clusterIps().stream().map(Cidr::host).collect(ImmutableList.toImmutableList()),
        resolution(service, named),
        service.headless(),
        named,
        ports.build());
  }

  private static MeshService.Resolution resolution(Service service, boolean named) {
    if (named) {
      return MeshService.Resolution.DNS;
    }
    return service.headless()
        ? MeshService.Resolution.PASSTHROUGH
        : MeshService.Resolution.ENDPOINTS;
  }

  private static ImmutableList<MeshService.Instance> external(Service service, ServicePort port) {
    return service
        .externalName()
        .map(name -> new MeshService.Instance(name, port.port(), false, Optional.empty()))
        .map(ImmutableList::of)
        .orElse(ImmutableList.of());
  }

  private ImmutableList<MeshService.Instance> instances(MeshView.Backed backed, ServicePort port) {
    ImmutableList.Builder<MeshService.Instance> all = ImmutableList.builder();
    for (Endpoints.Subset subset : backed.endpoints().subsets()) {
      for (Endpoints.Port candidate : subset.ports()) {
        if (candidate.name().orElse("").equals(port.nameOrEmpty())) {
          for (Endpoints.Address address : subset.ready()) {
            all.add(instance(address, candidate.port(), backed.service()));
          }
        }
      }
    }
    return all.build();
  }

  private MeshService.Instance instance(Endpoints.Address address, int port, Service service) {
    Optional<Pod> pod = address.pod().flatMap(name -> view.pod(service.namespace(), name));
    boolean mutual =
        pod.map(p -> "istio".equals(p.meta().labels().get(Injection.TLS_MODE))).orElse(false);
    return new MeshService.Instance(
        address.ip().toString(),
        port,
        mutual,
        pod.map(p -> new MeshService.Workload(p.namespace(), p.meta().labels())));
  }

  private static MeshService of(ServiceEntry entry, String host) {
    ImmutableList.Builder<MeshService.Port> ports = ImmutableList.builder();
    for (ServiceEntry.Port port : entry.ports()) {
      ImmutableList.Builder<MeshService.Instance> instances = ImmutableList.builder();
      for (String address : hostsOf(entry, host)) {
        instances.add(
            new MeshService.Instance(address, port.targetPort(), false, Optional.empty()));
      }
      ports.add(
          new MeshService.Port(port.number(), port.name(), port.protocol(), instances.build()));
    }
    return new MeshService(
        host,
        entry.meta().name(),
        entry.meta().namespace(),
        entry.addresses(),
        switch (entry.resolution()) {
          case NONE -> MeshService.Resolution.PASSTHROUGH;
          case STATIC -> MeshService.Resolution.ENDPOINTS;
          case DNS, DNS_ROUND_ROBIN -> MeshService.Resolution.DNS;
        },
        false,
        entry.external(),
        ports.build());
  }

  private static ImmutableList<String> hostsOf(ServiceEntry entry, String host) {
    boolean byName = entry.resolution() != ServiceEntry.Resolution.STATIC;
    return entry.endpoints().isEmpty() && byName ? ImmutableList.of(host) : entry.endpoints();
  }
}
