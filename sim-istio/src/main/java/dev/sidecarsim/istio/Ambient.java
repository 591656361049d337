package dev.sidecarsim.istio;

import dev.sidecarsim.istio.rules.RuleChange;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.Namespace;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Pod;
import java.util.stream.Stream;

/** Who is in ambient mode ({@code PodRedirectionEnabled()} of cni/pkg/util/podutil.go). */
public final class Ambient {

  /** The label of namespaces and pods. */
  public static final String MODE = "istio.io/dataplane-mode";

  /** What the node agent notes on a pod that it has enrolled. */
  static final String REDIRECTION = "ambient.istio.io/redirection";

  private static final String ENABLED = "enabled";
  private static final String AMBIENT = "ambient";
  private static final String NONE = "none";

  private Ambient() {}

  /** Whether a release has ambient mode. */
  static boolean in(Release release) {
    return release.rules().has(RuleChange.AMBIENT);
  }

  /** Whether a version has ambient mode, as far as it is known here: from 1.22. */
  public static boolean in(IstioVersion version) {
    return in(Release.of(version));
  }

  /** Whether a pod, as admitted, is in ambient mode. */
  public static boolean enrolled(Pod pod) {
    return ENABLED.equals(pod.meta().annotations().get(REDIRECTION));
  }

  /** Whether anything in the manifests says that a pod is to be, or was, in ambient mode. */
  static boolean wanted(Manifests manifests) {
    Stream<Namespace> namespaces =
        Stream.concat(
                manifests.pods().stream().map(Pod::namespace),
                manifests.workloads().stream().map(workload -> workload.meta().namespace()))
            .distinct()
            .map(manifests::namespace);
    return namespaces.anyMatch(namespace -> AMBIENT.equals(labelOf(namespace.meta())))
        || manifests.pods().stream().anyMatch(Ambient::asks)
        || manifests.workloads().stream()
            .map(workload -> workload.template().labels().get(MODE))
            .anyMatch(AMBIENT::equals);
  }

  /**
   * Whether the label of a pod or of its namespace puts it into ambient mode; a pod in such a
   * namespace is out only by its label {@code none}.
   */
  public static boolean labelled(Pod pod, Namespace namespace) {
    String own = labelOf(pod.meta());
    boolean byNamespace = AMBIENT.equals(labelOf(namespace.meta()));
    return AMBIENT.equals(own) || (byNamespace && !NONE.equals(own));
  }

  /** Whether a pod says by itself that it is to be, or was, in ambient mode. */
  static boolean asks(Pod pod) {
    return AMBIENT.equals(labelOf(pod.meta())) || enrolled(pod);
  }

  private static String labelOf(ObjectMeta meta) {
    return meta.labels().getOrDefault(MODE, "");
  }

  /** Whether the node agent enrols a pod. */
  static boolean selects(Pod pod, Namespace namespace) {
    boolean wanted =
        labelled(pod, namespace)
            || (!namespace.documented() && asks(pod) && !NONE.equals(labelOf(pod.meta())));
    return wanted && !pod.spec().hostNetwork() && !Injection.injected(pod);
  }

  /** A pod that the node agent has enrolled. */
  static Pod enrol(Pod pod) {
    return pod.withMeta(pod.meta().withAnnotation(REDIRECTION, ENABLED));
  }
}
