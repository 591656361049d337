package dev.sidecarsim.examples;

import dev.sidecarsim.istio.Ambient;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.RunningPod;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What part the pods take in a mesh, and what a person should know of that. */
final class MeshParts {

  private final Manifests manifests;
  private final Mesh mesh;

  MeshParts(Manifests manifests, Mesh mesh) {
    this.manifests = manifests;
    this.mesh = mesh;
  }

  /**
   * Checks that there is an ambient mode to ask for.
   *
   * @throws BadInput if a version has none
   */
  void checkAmbient() {
    for (IstioVersion version : mesh.versions()) {
      if (!Ambient.in(version)) {
        throw new BadInput("--ambient: Istio " + version + " has no ambient mode; 1.22 on has");
      }
    }
  }

  /** One line each. */
  Set<String> remarks(Cluster cluster) {
    Set<String> notes = new LinkedHashSet<>();
    if (mesh.versions().isEmpty()) {
      return notes;
    }
    manifests.workloads().forEach(workload -> undocumented(notes, workload.meta().namespace()));
    manifests.pods().forEach(pod -> undocumented(notes, pod.namespace()));
    if (mesh.versions().stream().noneMatch(Ambient::in)) {
      String names =
          names(cluster, pod -> Ambient.labelled(pod, cluster.namespace(pod.namespace())));
      if (!names.isEmpty()) {
        notes.add(
            "label "
                + Ambient.MODE
                + "=ambient means nothing before Istio 1.22, the first whose ambient mode is known"
                + " here: "
                + names);
      }
    }
    mixed(notes, cluster);
    return notes;
  }

  private void undocumented(Set<String> notes, String namespace) {
    if (!manifests.namespace(namespace).documented()) {
      notes.add(
          "no Namespace document of "
              + namespace
              + " is given; it counts as labelled istio-injection=enabled");
    }
  }

  /** Ambient pods call sidecars in plaintext, unless those take HBONE. */
  private static void mixed(Set<String> notes, Cluster cluster) {
    String ambient = names(cluster, Ambient::enrolled);
    String sidecars = names(cluster, Mesh::hasPlainSidecar);
    if (!ambient.isEmpty() && !sidecars.isEmpty()) {
      notes.add(
          "sidecars take no HBONE (meshConfig.defaultConfig.proxyMetadata has no"
              + " ISTIO_META_ENABLE_HBONE=true, which profile ambient sets), so plaintext goes"
              + " from the ambient pods to "
              + sidecars);
    }
  }

  private static String names(Cluster cluster, Predicate<Pod> wanted) {
    List<String> names =
        cluster.pods().stream()
            .filter(pod -> wanted.test(pod.spec()))
            .map(RunningPod::name)
            .limit(4)
            .toList();
    return String.join(", ", names.size() > 3 ? List.of(names.get(0), names.get(1), "…") : names);
  }
}
