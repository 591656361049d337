package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Pods with names that count from 0 and keep their identity.
 *
 * @param serviceName the headless Service that gives the pods their DNS names
 * @param parallel whether {@code podManagementPolicy} is {@code Parallel}; else each pod waits
 *     until the one before it is ready
 * @param firstOrdinal {@code spec.ordinals.start}
 * @param claims whether {@code volumeClaimTemplates} give each ordinal a disk that outlives its pod
 */
public record StatefulSet(
    ObjectMeta meta,
    ImmutableMap<String, String> selector,
    PodTemplate template,
    String serviceName,
    int replicas,
    boolean parallel,
    int firstOrdinal,
    boolean claims)
    implements Workload {

  /** The ordinals of its pods, in order. */
  public IntStream ordinals() {
    return IntStream.range(firstOrdinal, firstOrdinal + replicas);
  }

  /** The name of the pod with an ordinal. */
  public String podName(int ordinal) {
    return meta.name() + "-" + ordinal;
  }

  /** What the controller adds to the template's labels, so that Services can select one pod. */
  ImmutableMap<String, String> ownLabels(int ordinal) {
    return ImmutableMap.of(
        "statefulset.kubernetes.io/pod-name",
        podName(ordinal),
        "apps.kubernetes.io/pod-index",
        Integer.toString(ordinal));
  }

  @Override
  public Stream<Map<String, String>> podLabels() {
    return ordinals().mapToObj(ordinal -> template.labelsWith(ownLabels(ordinal)));
  }

  @Override
  public String kind() {
    return "StatefulSet";
  }
}
