package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodSpec;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.kube.StatefulSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the ensembles of a cluster. */
public final class ZooKeeperEnsembles {

  private ZooKeeperEnsembles() {}

  /**
   * One ensemble for each StatefulSet of ZooKeeper, in the manifests' order, then one for the pods
   * of each other controller.
   */
  public static ImmutableList<ClusteredApp> in(Cluster cluster) {
    ImmutableList.Builder<ClusteredApp> apps = ImmutableList.builder();
    cluster.manifests().statefulSets().stream()
        .filter(set -> runsZooKeeper(set.template().spec()))
        .forEach(set -> apps.add(ofSet(cluster, set)));
    others(cluster)
        .forEach(
            (name, pods) ->
                apps.add(
                    new ZooKeeperEnsemble(
                        name,
                        pods.stream()
                            .map(pod -> seat(cluster, pod.namespace(), pod.name()))
                            .toList())));
    return apps.build();
  }

  private static boolean runsZooKeeper(PodSpec pod) {
    return pod.containers().stream().anyMatch(container -> ZooKeeperImage.knows(container.image()));
  }

  private static ClusteredApp ofSet(Cluster cluster, StatefulSet set) {
    List<ZooKeeperEnsemble.Seat> seats = new ArrayList<>();
    for (int i = 0; i < set.replicas(); i++) {
      String pod = set.meta().name() + "-" + (set.firstOrdinal() + i);
      seats.add(seat(cluster, set.meta().namespace(), pod));
    }
    return new ZooKeeperEnsemble(set.meta().name(), seats);
  }

  private static Map<String, List<Pod>> others(Cluster cluster) {
    Map<String, List<Pod>> groups = new LinkedHashMap<>();
    for (RunningPod running : cluster.pods()) {
      Pod pod = running.spec();
      Optional<Pod.Owner> owner = pod.owner();
      boolean inSet = owner.filter(by -> by.kind().equals("StatefulSet")).isPresent();
      if (!inSet && runsZooKeeper(pod.spec())) {
        String name = owner.map(Pod.Owner::name).orElse("zookeeper");
        groups.computeIfAbsent(name, any -> new ArrayList<>()).add(pod);
      }
    }
    return groups;
  }

  /** Looked up anew each time, since pods and their containers come and go. */
  private static ZooKeeperEnsemble.Seat seat(Cluster cluster, String namespace, String name) {
    return new ZooKeeperEnsemble.Seat(
        name,
        () ->
            cluster
                .pod(namespace, name)
                .flatMap(pod -> cluster.application(pod, ZooKeeperServer.class)));
  }
}
