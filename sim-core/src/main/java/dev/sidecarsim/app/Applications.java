package dev.sidecarsim.app;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodTemplate;
import dev.sidecarsim.kube.ProgramCatalog;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.kube.StatefulSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kinds of clustered applications that are known, and those of a cluster. */
public final class Applications {

  /**
   * The StatefulSets of one release of a chart are one application, such as master and replicas.
   */
  private record Release(String namespace, String kind, String name) {}

  private final ImmutableList<ApplicationKind> kinds;

  private Applications(List<? extends ApplicationKind> kinds) {
    this.kinds = ImmutableList.copyOf(kinds);
  }

  public static Applications of(ApplicationKind... kinds) {
    return new Applications(List.of(kinds));
  }

  /** What their images do. */
  public ProgramCatalog programs() {
    return ProgramCatalog.of(ImmutableList.copyOf(kinds));
  }

  /** The products' names. */
  public ImmutableList<String> titles() {
    return kinds.stream().map(ApplicationKind::title).collect(ImmutableList.toImmutableList());
  }

  /** The applications of a cluster: those of StatefulSets, then those of other pods. */
  public ImmutableList<ClusteredApp> in(Cluster cluster) {
    Map<Release, List<StatefulSet>> releases = new LinkedHashMap<>();
    for (StatefulSet set : cluster.manifests().statefulSets()) {
      kinds.stream()
          .filter(kind -> kind.runsIn(set.template()))
          .findFirst()
          .ifPresent(
              kind ->
                  releases
                      .computeIfAbsent(release(kind, set.meta()), any -> new ArrayList<>())
                      .add(set));
    }
    ImmutableList.Builder<ClusteredApp> apps = ImmutableList.builder();
    releases.values().forEach(sets -> apps.add(ofSets(cluster, sets)));
    others(cluster)
        .forEach(
            (release, seats) -> apps.add(new MemberGroup(cluster, List.of(release.name), seats)));
    return apps.build();
  }

  private static Release release(ApplicationKind kind, ObjectMeta meta) {
    String instance = meta.labels().getOrDefault("app.kubernetes.io/instance", "");
    String product = meta.labels().getOrDefault("app.kubernetes.io/name", "");
    String name = instance.isEmpty() || product.isEmpty() ? meta.name() : instance + "/" + product;
    return new Release(meta.namespace(), kind.title(), name);
  }

  private static ClusteredApp ofSets(Cluster cluster, List<StatefulSet> sets) {
    List<MemberGroup.Seat> seats = new ArrayList<>();
    for (StatefulSet set : sets) {
      set.ordinals()
          .forEach(i -> seats.add(new MemberGroup.Seat(set.meta().namespace(), set.podName(i))));
    }
    return new MemberGroup(cluster, sets.stream().map(set -> set.meta().name()).toList(), seats);
  }

  private Map<Release, List<MemberGroup.Seat>> others(Cluster cluster) {
    Map<Release, List<MemberGroup.Seat>> groups = new LinkedHashMap<>();
    for (RunningPod running : cluster.pods()) {
      Pod pod = running.spec();
      if (pod.owner().filter(by -> by.kind().equals("StatefulSet")).isEmpty()) {
        PodTemplate template =
            new PodTemplate(
                pod.meta().labels(), pod.meta().annotations(), pod.spec(), pod.meta().location());
        kinds.stream()
            .filter(kind -> kind.runsIn(template))
            .findFirst()
            .ifPresent(
                kind ->
                    groups
                        .computeIfAbsent(loose(kind, pod), any -> new ArrayList<>())
                        .add(new MemberGroup.Seat(pod.namespace(), pod.name())));
      }
    }
    return groups;
  }

  /** Pods of one controller, or those without one, are one application. */
  private static Release loose(ApplicationKind kind, Pod pod) {
    String name =
        pod.owner().map(Pod.Owner::name).orElse(kind.title().toLowerCase(java.util.Locale.ROOT));
    return new Release(pod.namespace(), kind.title(), name);
  }
}
