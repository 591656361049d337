package dev.sidecarsim.istio;

import java.util.Optional;

/** Whether an injector makes the proxy a sidecar in Kubernetes' sense, where nothing is set. */
enum NativeSidecars {
  /** Up to 1.18 it does not know of them. */
  UNKNOWN,
  /** 1.19 to 1.26: not unless asked (ENABLE_NATIVE_SIDECARS=false). */
  OFF,
  /** From 1.27: wherever the cluster can ({@code auto}), which clusters of that time do. */
  AUTO;

  /**
   * What becomes of a pod.
   *
   * @param annotation {@code sidecar.istio.io/nativeSidecar} of the pod
   * @param variable ENABLE_NATIVE_SIDECARS of istiod
   */
  boolean wanted(Optional<String> annotation, Optional<String> variable) {
    if (this == UNKNOWN) {
      return false;
    }
    return annotation
        .or(() -> variable)
        .map(word -> word.equals("true") || (this == AUTO && word.equals("auto")))
        .orElse(this == AUTO);
  }
}
