package dev.sidecarsim.istio;

import dev.sidecarsim.istio.PodProxyConfig.InterceptionMode;
import dev.sidecarsim.kube.Pod;
import java.util.Optional;

/**
 * The CNI plugin of sidecars, as far as it decides whether a pod starts ({@code doAddRun()} of
 * cni/pkg/plugin/plugin.go).
 */
final class SidecarPlugin {

  private final InjectorSettings settings;
  private final InjectionPreset preset;

  SidecarPlugin(InjectorSettings settings, InjectionPreset preset) {
    this.settings = settings;
    this.preset = preset;
  }

  /** Why a pod never starts, in one line; empty if it does, or if there is no plugin. */
  Optional<String> fault(Pod pod, SidecarAnnotations annotations) {
    if (!settings.values().cni()) {
      return Optional.empty();
    }
    Optional<String> passedBy = passedBy(pod, annotations);
    if (passedBy.isEmpty()) {
      return annotations.pluginsFault().map(fault -> "never gets its network: " + fault);
    }
    // Without interception there is no istio-validation that could miss the rules.
    return passedBy
        .filter(why -> annotations.mode() != InterceptionMode.NONE)
        .map(
            why ->
                "never starts: the CNI plugin sets no rules up "
                    + why
                    + ", and istio-validation"
                    + " waits for them; leave the sidecar out, too");
  }

  private Optional<String> passedBy(Pod pod, SidecarAnnotations annotations) {
    if (settings.cni().excludes(pod.namespace(), preset)) {
      return Optional.of("in the excluded namespace " + pod.namespace());
    }
    return annotations.disablesEnvoy()
        ? Optional.of("where " + SidecarAgent.DISABLE_ENVOY + " is true")
        : Optional.empty();
  }
}
