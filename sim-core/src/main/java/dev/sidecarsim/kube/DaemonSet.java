package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;

/** One pod on each node. */
public record DaemonSet(
    ObjectMeta meta, ImmutableMap<String, String> selector, PodTemplate template)
    implements Workload {

  @Override
  public String kind() {
    return "DaemonSet";
  }
}
