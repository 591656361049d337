package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.stream.Stream;

/** A controller that makes pods from a template. */
public sealed interface Workload permits StatefulSet, Deployment, ReplicaSet, DaemonSet, Job {

  /** The kind as manifests write it. */
  String kind();

  ObjectMeta meta();

  /** The labels that its pods must carry; empty where the manifest leaves it to Kubernetes. */
  ImmutableMap<String, String> selector();

  PodTemplate template();

  /** The sets of labels that its pods have. */
  default Stream<Map<String, String>> podLabels() {
    return Stream.of(template().labels());
  }
}
