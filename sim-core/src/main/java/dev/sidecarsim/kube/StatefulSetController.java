package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import java.util.Optional;

/** Gives each ordinal its pod: one after the other once the last is ready, or all at once. */
final class StatefulSetController extends WorkloadController {

  private final StatefulSet set;

  StatefulSetController(StatefulSet set, PodTable pods) {
    super(set, pods);
    this.set = set;
  }

  @Override
  void reconcile() {
    for (int i = 0; i < set.replicas(); i++) {
      int ordinal = set.firstOrdinal() + i;
      Optional<RunningPod> pod = pod(set.meta().name() + "-" + ordinal);
      if (pod.isEmpty()) {
        create(ordinal);
      }
      if (!set.parallel() && !pod.map(RunningPod::ready).orElse(false)) {
        return;
      }
    }
  }

  private void create(int ordinal) {
    String name = set.meta().name() + "-" + ordinal;
    Optional<String> subdomain =
        Optional.of(set.serviceName()).filter(service -> !service.isEmpty());
    PodSpec spec = set.template().spec().withHostname(name, subdomain);
    ImmutableMap<String, String> labels =
        ImmutableMap.of(
            "statefulset.kubernetes.io/pod-name",
            name,
            "apps.kubernetes.io/pod-index",
            Integer.toString(ordinal));
    pods().create(make(name, spec, labels));
  }
}
