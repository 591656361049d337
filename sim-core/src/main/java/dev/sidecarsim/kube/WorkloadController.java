package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Makes the pods that a workload wants, and makes them again when they are gone. */
abstract class WorkloadController {

  /** The letters of generated names: without vowels and what looks like them. */
  private static final String SAFE = "bcdfghjklmnpqrstvwxz2456789";

  private final Workload workload;
  private final PodTable pods;

  WorkloadController(Workload workload, PodTable pods) {
    this.workload = workload;
    this.pods = pods;
  }

  /** The controller of a workload. */
  static WorkloadController of(Workload workload, PodTable pods, ImmutableList<Node> nodes) {
    if (workload instanceof StatefulSet set) {
      return new StatefulSetController(set, pods);
    }
    if (workload instanceof DaemonSet set) {
      return new DaemonSetController(set, pods, nodes);
    }
    if (workload instanceof Job job) {
      return new ReplicaController(job, job.parallelism(), true, pods);
    }
    int replicas =
        workload instanceof Deployment deployment
            ? deployment.replicas()
            : ((ReplicaSet) workload).replicas();
    return new ReplicaController(workload, replicas, false, pods);
  }

  /** Compares what is there with what is wanted, and does the next step. */
  abstract void reconcile();

  PodTable pods() {
    return pods;
  }

  Optional<RunningPod> pod(String name) {
    return pods.get(workload.meta().namespace(), name);
  }

  /** Letters for a generated name: the same in every run, since people type them. */
  static String letters(Random random, int count) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < count; i++) {
      letters.append(SAFE.charAt(random.nextInt(SAFE.length())));
    }
    return letters.toString();
  }

  /** A pod from the template. */
  Pod make(String name, PodSpec spec, Map<String, String> moreLabels) {
    PodTemplate template = workload.template();
    ObjectMeta meta =
        new ObjectMeta(
            name,
            workload.meta().namespace(),
            template.labelsWith(moreLabels),
            template.annotations(),
            Optional.empty(),
            template.location());
    Pod.Owner owner = new Pod.Owner(workload.kind(), workload.meta().name());
    return new Pod(meta, spec, ImmutableList.of(), Optional.of(owner));
  }

  /** The pods of a template whose names are generated: its own, and those it adopts. */
  ImmutableList<RunningPod> adopted() {
    return pods.all().stream().filter(this::owns).collect(ImmutableList.toImmutableList());
  }

  private boolean owns(RunningPod pod) {
    Pod spec = pod.spec();
    boolean own =
        spec.owner().equals(Optional.of(new Pod.Owner(workload.kind(), workload.meta().name())));
    boolean adoptable =
        spec.owner().map(owner -> owner.kind().equals("ReplicaSet")).orElse(true)
            && !workload.selector().isEmpty()
            && spec.meta().labels().entrySet().containsAll(workload.selector().entrySet());
    return spec.namespace().equals(workload.meta().namespace()) && (own || adoptable);
  }
}
