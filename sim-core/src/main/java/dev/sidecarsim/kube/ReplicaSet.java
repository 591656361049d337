package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;

/** Pods that are all alike, made without a Deployment. */
public record ReplicaSet(
    ObjectMeta meta, ImmutableMap<String, String> selector, PodTemplate template, int replicas)
    implements Workload {

  @Override
  public String kind() {
    return "ReplicaSet";
  }
}
