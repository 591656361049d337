package dev.sidecarsim.kube;

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
    for (int ordinal : set.ordinals().toArray()) {
      Optional<RunningPod> pod = pod(set.podName(ordinal));
      if (pod.isEmpty()) {
        create(ordinal);
      }
      if (!set.parallel() && !pod.map(RunningPod::ready).orElse(false)) {
        return;
      }
    }
  }

  private void create(int ordinal) {
    String name = set.podName(ordinal);
    Optional<String> subdomain =
        Optional.of(set.serviceName()).filter(service -> !service.isEmpty());
    PodSpec spec = set.template().spec().withHostname(name, subdomain);
    pods().create(make(name, spec, set.ownLabels(ordinal)));
  }
}
