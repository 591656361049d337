package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.time.Seed;
import java.util.Random;

/** Keeps one pod on each node. */
final class DaemonSetController extends WorkloadController {

  private final DaemonSet set;
  private final ImmutableList<Node> nodes;
  private final Random names;

  DaemonSetController(DaemonSet set, PodTable pods, ImmutableList<Node> nodes) {
    super(set, pods);
    this.set = set;
    this.nodes = nodes;
    this.names = Seed.DEFAULT.stream("DaemonSet " + set.meta().qualifiedName());
  }

  @Override
  void reconcile() {
    ImmutableList<RunningPod> there = adopted();
    for (Node node : nodes) {
      if (there.stream().noneMatch(pod -> pod.node() == node && !pod.terminating())) {
        PodSpec spec = set.template().spec().withNodeName(node.name());
        pods().create(make(set.meta().name() + "-" + letters(names, 5), spec, ImmutableMap.of()));
      }
    }
  }
}
