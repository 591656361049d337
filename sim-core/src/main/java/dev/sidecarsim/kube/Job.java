package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;

/** Pods that run to their end. */
public record Job(
    ObjectMeta meta, ImmutableMap<String, String> selector, PodTemplate template, int parallelism)
    implements Workload {

  @Override
  public String kind() {
    return "Job";
  }
}
