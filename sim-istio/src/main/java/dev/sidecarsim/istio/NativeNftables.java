package dev.sidecarsim.istio;

import dev.sidecarsim.istio.rules.IptablesParameter;
import dev.sidecarsim.istio.rules.IptablesParameters;
import dev.sidecarsim.istio.rules.RuleChange;
import dev.sidecarsim.istio.rules.RulePreset;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Pods whose redirection is nft's, for which the equal rules of iptables stand in a run.
 *
 * <p>The two are not equal everywhere: releases had mistakes in the one and not in the other.
 */
public final class NativeNftables {

  private static final List<String> LOADERS =
      List.of(SidecarContainers.INIT, SidecarContainers.VALIDATION);

  private NativeNftables() {}

  /** Whether an injected pod's rules are made with nft. */
  public static boolean in(Pod pod) {
    return loaders(pod).anyMatch(NativeNftables::asked);
  }

  /** How nft's rules of a pod differ from those that stand for them; empty if they do not. */
  public static Optional<String> difference(Pod pod) {
    return loaders(pod)
        .filter(NativeNftables::asked)
        .flatMap(loader -> difference(pod, loader).stream())
        .findFirst();
  }

  private static Stream<ContainerSpec> loaders(Pod pod) {
    return LOADERS.stream().flatMap(name -> pod.spec().container(name).stream());
  }

  private static boolean asked(ContainerSpec loader) {
    return preset(loader)
        .map(preset -> preset.known(SidecarImages.parameters(loader, List.of())))
        .filter(parameters -> parameters.isTrue(IptablesParameter.NATIVE_NFTABLES))
        .isPresent();
  }

  private static Optional<RulePreset> preset(ContainerSpec loader) {
    return SidecarImages.versionOf(loader).map(RulePreset::of);
  }

  private static Optional<String> difference(Pod pod, ContainerSpec loader) {
    IptablesParameters parameters = SidecarImages.parameters(loader, pod.ips());
    return preset(loader)
        .flatMap(preset -> difference(preset, parameters))
        .map(what -> loader.image() + " loads rules of nft; " + what);
  }

  private static Optional<String> difference(RulePreset preset, IptablesParameters parameters) {
    if (parameters.tproxy() && !preset.has(RuleChange.NFT_TPROXY_MENDED)) {
      return Optional.of(
          "its marks for TPROXY lead to no other route, and what follows is unknown");
    }
    if (parameters.isTrue(IptablesParameter.REDIRECT_DNS)
        && !preset.has(RuleChange.NFT_DNS_MENDED)) {
      return Optional.of("with DNS capture they mistake programs, and what follows is unknown");
    }
    return Optional.empty();
  }
}
