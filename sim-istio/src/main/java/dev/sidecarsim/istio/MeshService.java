package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A service as istiod sees it, whether Kubernetes or a ServiceEntry declares it.
 *
 * @param host its full name
 * @param addresses its virtual addresses
 * @param resolution how clients find its instances
 * @param kind who declares it
 * @param external whether it stands outside of the mesh
 * @param exportTo where it is known
 * @param aliases other names of it, each with its namespace
 */
record MeshService(
    String host,
    String name,
    String namespace,
    ImmutableList<Cidr> addresses,
    Resolution resolution,
    Kind kind,
    boolean external,
    ExportTo exportTo,
    ImmutableList<Alias> aliases,
    ImmutableList<Port> ports) {

  /** Another name of a service: an ExternalName Service that stands for it. */
  record Alias(String host, String name, String namespace) {}

  /** Who declares a service. */
  enum Kind {
    KUBERNETES,
    ENTRY,
    /** A ServiceEntry whose instances are those of some labels. */
    SELECTING_ENTRY
  }

  /** How clients find the instances. */
  enum Resolution {
    /** istiod tells Envoy. */
    ENDPOINTS,
    /** The caller knows the address already. */
    PASSTHROUGH,
    /** Envoy asks DNS. */
    DNS
  }

  /**
   * A port.
   *
   * @param instances those that take traffic
   * @param override what is dialled in its place where the address called is dialled
   */
  record Port(
      int number,
      String name,
      ServiceProtocol protocol,
      ImmutableList<Instance> instances,
      OptionalInt override) {

    /** This port with another protocol. */
    Port speaking(ServiceProtocol other) {
      return new Port(number, name, other, instances, override);
    }
  }

  /**
   * Something that stands behind a port.
   *
   * @param host an address, or a name that Envoy resolves
   * @param labels those by which subsets choose
   * @param mutualTls whether its pod is labelled as taking mTLS
   * @param tunnel whether it takes HBONE
   * @param pod where it runs, if it is a pod of this cluster
   */
  record Instance(
      String host,
      int port,
      ImmutableMap<String, String> labels,
      boolean mutualTls,
      boolean tunnel,
      Optional<Workload> pod) {

    /** One outside of the mesh. */
    static Instance foreign(String host, int port) {
      return new Instance(host, port, ImmutableMap.of(), false, false, Optional.empty());
    }

    Optional<IpAddress> address() {
      return IpAddress.isLiteral(host) ? Optional.of(IpAddress.of(host)) : Optional.empty();
    }
  }

  /** Where a policy finds a pod. */
  record Workload(String namespace, Map<String, String> labels) {}

  /** Whether a kind of resources, as policies name it, is what declares it. */
  boolean isKind(String word) {
    return word.equals(kind == Kind.KUBERNETES ? "Service" : "ServiceEntry");
  }

  /** Whether it is a Kubernetes Service without an address. */
  boolean headless() {
    return kind == Kind.KUBERNETES && resolution == Resolution.PASSTHROUGH;
  }

  /** Whether a port that is not HTTP gets a listener for each instance's address. */
  boolean listenerPerInstance(Port port) {
    return resolution == Resolution.PASSTHROUGH
        && addresses.isEmpty()
        && (kind != Kind.ENTRY || !port.instances().isEmpty());
  }

  Cluster.ServiceRef ref() {
    return new Cluster.ServiceRef(host, name, namespace);
  }

  String clusterName(Port port) {
    return clusterName(port, "");
  }

  /**
   * The name of the cluster for a part of the service.
   *
   * @param subset empty for all of it
   */
  String clusterName(Port port, String subset) {
    return clusterName(port.number(), subset, host);
  }

  static String clusterName(int port, String subset, String host) {
    return "outbound|" + port + "|" + subset + "|" + host;
  }
}
