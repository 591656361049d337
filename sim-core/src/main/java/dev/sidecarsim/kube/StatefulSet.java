package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;

/**
 * Pods with names that count from 0 and keep their identity.
 *
 * @param serviceName the headless Service that gives the pods their DNS names
 * @param parallel whether {@code podManagementPolicy} is {@code Parallel}; else each pod waits
 *     until the one before it is ready
 * @param firstOrdinal {@code spec.ordinals.start}
 */
public record StatefulSet(
    ObjectMeta meta,
    ImmutableMap<String, String> selector,
    PodTemplate template,
    String serviceName,
    int replicas,
    boolean parallel,
    int firstOrdinal)
    implements Workload {

  @Override
  public String kind() {
    return "StatefulSet";
  }
}
