package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.time.Seed;
import java.util.Random;

/** Keeps a number of pods of a Deployment, a ReplicaSet or a Job. */
final class ReplicaController extends WorkloadController {

  private final Workload workload;
  private final int replicas;
  private final boolean once;
  private final Random names;
  private final String prefix;
  private final ImmutableMap<String, String> labels;
  private int made;

  /**
   * Makes a controller.
   *
   * @param once whether its pods are not replaced when they have ended
   */
  ReplicaController(Workload workload, int replicas, boolean once, PodTable pods) {
    super(workload, pods);
    this.workload = workload;
    this.replicas = replicas;
    this.once = once;
    this.names = Seed.DEFAULT.stream(workload.kind() + " " + workload.meta().qualifiedName());
    String hash = workload instanceof Deployment ? letters(names, 10) : "";
    this.prefix = workload.meta().name() + "-" + (hash.isEmpty() ? "" : hash + "-");
    this.labels = hash.isEmpty() ? ImmutableMap.of() : ImmutableMap.of("pod-template-hash", hash);
  }

  @Override
  void reconcile() {
    long there = once ? made : adopted().stream().filter(pod -> !pod.terminating()).count();
    for (long i = there; i < replicas; i++) {
      made++;
      pods().create(make(prefix + letters(names, 5), workload.template().spec(), labels));
    }
  }
}
