package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;
import java.util.Optional;

/**
 * The addresses behind a Service, whose name and namespace they share. A manifest's EndpointSlices
 * are read into the same shape.
 */
public record Endpoints(ObjectMeta meta, ImmutableList<Subset> subsets) {

  /** Addresses that have the same ports. */
  public record Subset(
      ImmutableList<Address> ready, ImmutableList<Address> notReady, ImmutableList<Port> ports) {}

  /**
   * One address.
   *
   * @param hostname the name under the Service's, for headless Services
   * @param pod the name of the pod that has it
   * @param node the node on which that pod is
   */
  public record Address(
      IpAddress ip, Optional<String> hostname, Optional<String> pod, Optional<String> node) {}

  /** A port of the addresses. */
  public record Port(
      Optional<String> name, int port, Protocol protocol, Optional<String> appProtocol) {}

  /** All addresses that take traffic, in order. */
  public ImmutableList<Address> ready() {
    return subsets.stream()
        .flatMap(subset -> subset.ready().stream())
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }
}
