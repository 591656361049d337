package dev.sidecarsim.kube;

import dev.sidecarsim.net.Cidr;

/**
 * What a cluster is installed with.
 *
 * @param domain the suffix of all DNS names
 * @param pods where pods' addresses come from
 * @param services where Services' addresses come from
 * @param nodes where nodes' addresses come from
 */
public record ClusterSettings(String domain, Cidr pods, Cidr services, Cidr nodes) {

  /** kubeadm's domain and service range, Calico's usual pod range, kind's node range. */
  public static final ClusterSettings DEFAULT =
      new ClusterSettings(
          "cluster.local",
          Cidr.of("10.244.0.0/16"),
          Cidr.of("10.96.0.0/16"),
          Cidr.of("172.18.0.0/16"));
}
