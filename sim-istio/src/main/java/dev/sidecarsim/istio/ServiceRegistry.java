package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.kube.Endpoints;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.Service;
import dev.sidecarsim.kube.ServicePort;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns what the cluster and the ServiceEntries declare into services, oldest first. */
final class ServiceRegistry {

  private static final Splitter COMMA = Splitter.on(',').trimResults().omitEmptyStrings();
  private static final String EXPORT_TO = "networking.istio.io/exportTo";

  private final MeshView view;
  private final VersionPreset preset;
  private final IstioManifests resources;
  private final AutomaticAddresses automatic;

  ServiceRegistry(MeshView view, VersionPreset preset, IstioManifests resources) {
    this(view, preset, resources, AutomaticAddresses.NONE);
  }

  private ServiceRegistry(
      MeshView view, VersionPreset preset, IstioManifests resources, AutomaticAddresses automatic) {
    this.view = view;
    this.preset = preset;
    this.resources = resources;
    this.automatic = automatic;
  }

  /** The services as a proxy sees them. */
  static ServiceRegistry of(IstiodContext context, ProxyNode node) {
    return new ServiceRegistry(
        context.view(),
        context.preset(),
        context.resources(),
        AutomaticAddresses.of(context, node));
  }

  /** A service and what tells its age. */
  private record Aged(ObjectMeta meta, MeshService service) {

    /** Those without a date count as the youngest ({@code sortServicesByCreationTime()}). */
    private static final Comparator<Aged> OLDEST_FIRST =
        Comparator.comparing(Aged::meta, ObjectMeta.OLDEST_FIRST)
            .thenComparing(Aged::name)
            .thenComparing(each -> each.meta().namespace());

    /** A ServiceEntry's services are named by their hosts. */
    private String name() {
      return service.kind() == MeshService.Kind.KUBERNETES ? meta.name() : service.host();
    }
  }

  ImmutableList<MeshService> services() {
    List<Aged> all = new ArrayList<>();
    ExportTo standard = resources.mesh().visibility().services();
    for (MeshView.Backed backed : view.services()) {
      boolean named = backed.service().type() == Service.Type.EXTERNAL_NAME;
      if (!named || !preset.outbound().externalNameAlias()) {
        all.add(new Aged(backed.service().meta(), of(backed, standard)));
      }
    }
    for (ServiceEntry entry : resources.serviceEntries()) {
      entry.hosts().forEach(host -> all.add(new Aged(entry.meta(), of(entry, host, standard))));
    }
    return all.stream()
        .sorted(Aged.OLDEST_FIRST)
        .map(Aged::service)
        .collect(ImmutableList.toImmutableList());
  }

  private MeshService of(MeshView.Backed backed, ExportTo standard) {
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
                named ? external(service, port) : instances(backed, port),
                OptionalInt.empty()));
      }
    }
    return new MeshService(
        service.hostname(view.domain()),
        service.name(),
        service.namespace(),
        service.clusterIps().stream().map(Cidr::host).collect(ImmutableList.toImmutableList()),
        resolution(service, named),
        MeshService.Kind.KUBERNETES,
        named,
        exportTo(service).or(standard),
        aliases(service.hostname(view.domain())),
        ports.build());
  }

  /** The ExternalName Services that are other names of a host. */
  private ImmutableList<MeshService.Alias> aliases(String host) {
    if (!preset.outbound().externalNameAlias()) {
      return ImmutableList.of();
    }
    return view.services().stream()
        .map(MeshView.Backed::service)
        .filter(service -> service.externalName().equals(Optional.of(host)))
        .map(
            service ->
                new MeshService.Alias(
                    service.hostname(view.domain()), service.name(), service.namespace()))
        .collect(ImmutableList.toImmutableList());
  }

  private static ExportTo exportTo(Service service) {
    String written = service.meta().annotations().get(EXPORT_TO);
    return written == null
        ? ExportTo.UNSAID
        : new ExportTo(ImmutableList.copyOf(COMMA.split(written)));
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
        .map(name -> MeshService.Instance.foreign(name, port.port()))
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
    return pod.map(known -> instance(known, address.ip(), port))
        .orElseGet(() -> MeshService.Instance.foreign(address.ip().toString(), port));
  }

  private static MeshService.Instance instance(Pod pod, IpAddress address, int port) {
    ImmutableMap<String, String> labels = pod.meta().labels();
    return new MeshService.Instance(
        address.toString(),
        port,
        labels,
        "istio".equals(labels.get(Injection.TLS_MODE)),
        Hbone.takenBy(pod),
        Optional.of(new MeshService.Workload(pod.namespace(), labels)));
  }

  private MeshService of(ServiceEntry entry, String host, ExportTo standard) {
    ImmutableList.Builder<MeshService.Port> ports = ImmutableList.builder();
    for (ServiceEntry.Port port : entry.ports()) {
      ports.add(
          new MeshService.Port(
              port.number(),
              port.name(),
              port.protocol(),
              instances(entry, host, port),
              override(entry, port)));
    }
    return new MeshService(
        host,
        entry.meta().name(),
        entry.meta().namespace(),
        automatic.of(entry, host),
        switch (entry.resolution()) {
          case NONE -> MeshService.Resolution.PASSTHROUGH;
          case STATIC -> MeshService.Resolution.ENDPOINTS;
          case DNS, DNS_ROUND_ROBIN -> MeshService.Resolution.DNS;
        },
        entry.selector().isEmpty() ? MeshService.Kind.ENTRY : MeshService.Kind.SELECTING_ENTRY,
        entry.external(),
        entry.exportTo().or(standard),
        aliases(host),
        ports.build());
  }

  /** Of an address that is dialled as it was called, the port may be another. */
  private OptionalInt override(ServiceEntry entry, ServiceEntry.Port port) {
    boolean known =
        entry.resolution() == ServiceEntry.Resolution.NONE
            && port.targetPort() != port.number()
            && preset.outbound().passthroughTargetPort()
            && resources
                .istiodEnv()
                .getOrDefault("ENABLE_RESOLUTION_NONE_TARGET_PORT", "true")
                .equals("true");
    return known ? OptionalInt.of(port.targetPort()) : OptionalInt.empty();
  }

  private ImmutableList<MeshService.Instance> instances(
      ServiceEntry entry, String host, ServiceEntry.Port port) {
    ImmutableList.Builder<MeshService.Instance> all = ImmutableList.builder();
    entry.endpoints().forEach(each -> all.add(instance(each, port)));
    resources.workloadEntries().stream()
        .filter(each -> entry.selects(each.meta().namespace(), each.labels()))
        .forEach(each -> all.add(instance(each, port)));
    for (Pod pod : view.pods().values()) {
      if (entry.selects(pod.namespace(), pod.meta().labels()) && !pod.ips().isEmpty()) {
        all.add(instance(pod, pod.ips().get(0), port.targetPort()));
      }
    }
    ImmutableList<MeshService.Instance> found = all.build();
    boolean byName =
        entry.resolution() == ServiceEntry.Resolution.DNS
            || entry.resolution() == ServiceEntry.Resolution.DNS_ROUND_ROBIN;
    return found.isEmpty() && byName
        ? ImmutableList.of(MeshService.Instance.foreign(host, port.targetPort()))
        : found;
  }

  private static MeshService.Instance instance(WorkloadEntry entry, ServiceEntry.Port port) {
    return new MeshService.Instance(
        entry.address(),
        entry.port(port),
        entry.labels(),
        entry.takesMutualTls(),
        Hbone.labelled(entry.labels()),
        Optional.of(new MeshService.Workload(entry.meta().namespace(), entry.labels())));
  }
}
