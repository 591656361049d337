package dev.sidecarsim.istio;

import com.google.common.base.Ascii;
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

  /** YAML's words for yes, in lower case. */
  private static final ImmutableSet<String> YES = ImmutableSet.of("y", "yes", "true", "on");

  private InjectionDecision() {}

  static boolean injects(Pod pod, Namespace namespace, InjectionPreset preset) {
    if (pod.spec().hostNetwork() || IGNORED.contains(namespace.name())) {
      return false;
    }
    return selected(pod, namespace, preset) && asked(pod, preset).orElse(true);
  }

  /**
   * The pod's own wish: its label, preferred since labels are looked at, else its annotation
   * ({@code injectRequired()} of pkg/kube/inject/inject.go).
   */
  private static Optional<Boolean> asked(Pod pod, InjectionPreset preset) {
    String annotation = pod.meta().annotations().getOrDefault(INJECT, "");
    String word =
        preset.injectLabel() ? pod.meta().labels().getOrDefault(INJECT, annotation) : annotation;
    boolean says =
        preset.onlyTrueAndFalse() ? word.equals("true") || word.equals("false") : !word.isEmpty();
    return says ? Optional.of(YES.contains(Ascii.toLowerCase(word))) : Optional.empty();
  }

  private static boolean selected(Pod pod, Namespace namespace, InjectionPreset preset) {
    if (!namespace.documented()) {
      return true;
    }
    String label = namespace.meta().labels().get(NAMESPACE_LABEL);
    if (label != null) {
      return label.equals("enabled");
    }
    boolean podAsks =
        preset.injectLabel()
            && ("true".equals(pod.meta().labels().get(INJECT))
                || pod.meta().labels().containsKey(REVISION));
    return namespace.meta().labels().containsKey(REVISION) || podAsks;
  }
}
