package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.kube.Namespace;
import dev.sidecarsim.kube.Pod;
import java.util.Optional;

/** Whether the webhook is called for a pod and, if so, whether the injector gives it a sidecar. */
final class InjectionDecision {

  static final String NAMESPACE_LABEL = "istio-injection";
  static final String REVISION = "istio.io/rev";
  static final String INJECT = "sidecar.istio.io/inject";

  /** Namespaces that the injector never touches. */
  private static final ImmutableSet<String> IGNORED =
      ImmutableSet.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage");

  private InjectionDecision() {}

  static boolean injects(Pod pod, Namespace namespace, InjectionPreset preset) {
    if (pod.spec().hostNetwork() || IGNORED.contains(namespace.name())) {
      return false;
    }
    Optional<String> asked = asked(pod, preset);
    return selected(pod, namespace, asked, preset) && !asked.filter("false"::equals).isPresent();
  }

  /** The pod's own wish: its label, preferred since labels are looked at, else its annotation. */
  private static Optional<String> asked(Pod pod, InjectionPreset preset) {
    Optional<String> label =
        preset.injectLabel()
            ? Optional.ofNullable(pod.meta().labels().get(INJECT))
            : Optional.empty();
    return label
        .or(() -> Optional.ofNullable(pod.meta().annotations().get(INJECT)))
        .filter(wish -> wish.equals("true") || wish.equals("false"));
  }

  private static boolean selected(
      Pod pod, Namespace namespace, Optional<String> asked, InjectionPreset preset) {
    if (!namespace.documented()) {
      return true;
    }
    String label = namespace.meta().labels().get(NAMESPACE_LABEL);
    if (label != null) {
      return label.equals("enabled");
    }
    boolean podAsks =
        preset.injectLabel()
            && ((asked.filter("true"::equals).isPresent()
                    && pod.meta().labels().containsKey(INJECT))
                || pod.meta().labels().containsKey(REVISION));
    return namespace.meta().labels().containsKey(REVISION) || podAsks;
  }
}
