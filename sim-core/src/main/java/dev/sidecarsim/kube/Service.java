package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.IpAddress;
import java.util.Map;
import java.util.Optional;

/**
 * A name, and for most an address, for a set of pods.
 *
 * @param headless whether it has no address of its own ({@code None})
 * @param clusterIps the addresses that the manifest gives or the cluster has assigned; empty for a
 *     headless Service, an ExternalName, and one that still waits for its address
 * @param selector the labels of its pods; empty if its endpoints are written by hand
 * @param publishNotReadyAddresses whether pods are in DNS before they are ready
 * @param externalName the name that an {@code ExternalName} Service stands for
 */
public record Service(
    ObjectMeta meta,
    Type type,
    boolean headless,
    ImmutableList<IpAddress> clusterIps,
    ImmutableMap<String, String> selector,
    ImmutableList<ServicePort> ports,
    boolean publishNotReadyAddresses,
    Optional<String> externalName) {

  /** How a Service is reached. */
  public enum Type {
    CLUSTER_IP("ClusterIP"),
    NODE_PORT("NodePort"),
    LOAD_BALANCER("LoadBalancer"),
    EXTERNAL_NAME("ExternalName");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** As manifests and kubectl write it. */
    @Override
    public String toString() {
      return word;
    }
  }

  public String name() {
    return meta.name();
  }

  public String namespace() {
    return meta.namespace();
  }

  /** Whether a pod's labels make it one of this Service's; one without selector takes none. */
  public boolean selects(Map<String, String> labels) {
    return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
  }

  /** Whether a pod is one of this Service's. */
  public boolean selects(Pod pod) {
    return pod.namespace().equals(namespace()) && selects(pod.meta().labels());
  }

  /** The full DNS name in a cluster, such as {@code zk.default.svc.cluster.local}. */
  public String hostname(String clusterDomain) {
    return name() + "." + namespace() + ".svc." + clusterDomain;
  }

  Service withClusterIps(ImmutableList<IpAddress> assigned) {
    return new Service(
        meta, type, headless, assigned, selector, ports, publishNotReadyAddresses, externalName);
  }
}
