package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * A pod as a spec.
 *
 * @param ips the manifest's {@code status.podIPs}, first the main one; empty if the cluster is to
 *     give it an address
 * @param owner the controller that made it
 */
public record Pod(
    ObjectMeta meta, PodSpec spec, ImmutableList<IpAddress> ips, Optional<Owner> owner) {

  /** The controller of a pod, such as {@code StatefulSet my-release-zookeeper}. */
  public record Owner(String kind, String name) {}

  static final ImmutableList<IpAddress> NO_ADDRESSES = ImmutableList.of();

  public String name() {
    return meta.name();
  }

  public String namespace() {
    return meta.namespace();
  }

  public Pod withMeta(ObjectMeta newMeta) {
    return new Pod(newMeta, spec, ips, owner);
  }

  public Pod withSpec(PodSpec newSpec) {
    return new Pod(meta, newSpec, ips, owner);
  }

  /** Its host name: the spec's, else its own name. */
  public String hostname() {
    return spec.hostname().orElse(meta.name());
  }
}
