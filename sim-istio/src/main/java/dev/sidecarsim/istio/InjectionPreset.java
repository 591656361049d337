package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.istio.version.IstioVersion;

/**
 * Which pods an injector, or the CNI plugin, takes.
 *
 * @param injectLabel the pod label {@code sidecar.istio.io/inject} is enough: from 1.10
 * @param onlyTrueAndFalse of a pod's own word on injection only true and false count: from 1.27
 *     (istio/istio#56737); before, y, yes, true and on in any case meant yes, and all else no
 * @param cniExcludes the namespaces that the CNI plugin leaves alone where nobody says otherwise;
 *     charts from 1.23 to 1.26 wrote them under a name that the agent did not read
 */
record InjectionPreset(
    boolean injectLabel, boolean onlyTrueAndFalse, ImmutableSet<String> cniExcludes) {

  static InjectionPreset of(IstioVersion version) {
    return new InjectionPreset(
        /* injectLabel= */ version.since(10),
        /* onlyTrueAndFalse= */ version.since(27),
        cniExcludes(version));
  }

  private static ImmutableSet<String> cniExcludes(IstioVersion version) {
    if (version.until(22)) {
      return ImmutableSet.of("istio-system", "kube-system");
    }
    return version.until(26) ? ImmutableSet.of() : ImmutableSet.of("kube-system");
  }
}
