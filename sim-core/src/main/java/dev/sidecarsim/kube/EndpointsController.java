package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Which addresses stand behind each Service: a pure function of Services and pods. */
final class EndpointsController {

  private EndpointsController() {}

  /** Endpoints by {@code NAMESPACE/SERVICE}, in the Services' order. */
  static ImmutableMap<String, Endpoints> of(
      List<Service> services, List<RunningPod> pods, List<Endpoints> written) {
    ImmutableMap.Builder<String, Endpoints> all = ImmutableMap.builder();
    for (Service service : services) {
      if (service.type() != Service.Type.EXTERNAL_NAME) {
        Endpoints endpoints =
            service.selector().isEmpty() ? byHand(service, written) : selected(service, pods);
        all.put(key(service), endpoints);
      }
    }
    return all.buildOrThrow();
  }

  static String key(Service service) {
    return service.namespace() + "/" + service.name();
  }

  private static Endpoints byHand(Service service, List<Endpoints> written) {
    ImmutableList.Builder<Endpoints.Subset> subsets = ImmutableList.builder();
    written.stream()
        .filter(endpoints -> endpoints.meta().name().equals(service.name()))
        .filter(endpoints -> endpoints.meta().namespace().equals(service.namespace()))
        .forEach(endpoints -> subsets.addAll(endpoints.subsets()));
    return new Endpoints(service.meta(), subsets.build());
  }

  private static Endpoints selected(Service service, List<RunningPod> pods) {
    Map<ImmutableList<Endpoints.Port>, Group> groups = new LinkedHashMap<>();
    for (RunningPod pod : pods) {
      boolean leaves = pod.terminating() && !service.publishNotReadyAddresses();
      if (service.selects(pod.spec()) && pod.published() && !leaves && !pod.finished()) {
        groups.computeIfAbsent(ports(service, pod), ports -> new Group()).add(service, pod);
      }
    }
    ImmutableList.Builder<Endpoints.Subset> subsets = ImmutableList.builder();
    groups.forEach((ports, group) -> subsets.add(group.subset(ports)));
    return new Endpoints(service.meta(), subsets.build());
  }

  /** The Service's ports as this pod has them; a name that no container has is left out. */
  private static ImmutableList<Endpoints.Port> ports(Service service, RunningPod pod) {
    ImmutableList.Builder<Endpoints.Port> ports = ImmutableList.builder();
    for (ServicePort port : service.ports()) {
      OptionalInt number = port.targetPort().resolve(pod.spec().spec(), port.protocol());
      number.ifPresent(
          found ->
              ports.add(
                  new Endpoints.Port(port.name(), found, port.protocol(), port.appProtocol())));
    }
    return ports.build();
  }

  /** The pods whose ports are the same. */
  private static final class Group {
    private final List<Endpoints.Address> ready = new ArrayList<>();
    private final List<Endpoints.Address> notReady = new ArrayList<>();

    void add(Service service, RunningPod pod) {
      PodSpec spec = pod.spec().spec();
      boolean named = spec.subdomain().equals(Optional.of(service.name()));
      Endpoints.Address address =
          new Endpoints.Address(
              pod.ip(),
              spec.hostname().filter(name -> named),
              Optional.of(pod.name()),
              Optional.of(pod.node().name()));
      boolean isReady = pod.ready() || service.publishNotReadyAddresses();
      (isReady ? ready : notReady).add(address);
    }

    Endpoints.Subset subset(ImmutableList<Endpoints.Port> ports) {
      return new Endpoints.Subset(
          ImmutableList.copyOf(ready), ImmutableList.copyOf(notReady), ports);
    }
  }
}
