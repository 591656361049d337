package dev.sidecarsim.istio;

import java.util.Optional;

/**
 * What a mesh's injectors are set to.
 *
 * @param proxy the mesh's ProxyConfig
 * @param ports where the mesh's proxies listen for redirected connections
 * @param values what the installation's values say
 * @param cni what its CNI plugin and node agent are told
 * @param nativeSidecars istiod's variable ENABLE_NATIVE_SIDECARS; empty if it is not set
 */
public record InjectorSettings(
    PodProxyConfig proxy,
    CapturePorts ports,
    InjectorValues values,
    CniSettings cni,
    Optional<String> nativeSidecars) {

  /** An installation with nothing set. */
  public static final InjectorSettings DEFAULT =
      new InjectorSettings(
          PodProxyConfig.DEFAULT,
          CapturePorts.DEFAULT,
          InjectorValues.DEFAULT,
          CniSettings.DEFAULT,
          Optional.empty());

  static InjectorSettings of(IstioManifests manifests) {
    return new InjectorSettings(
        manifests.mesh().proxy(),
        manifests.mesh().ports(),
        manifests.injector(),
        manifests.cni(),
        Optional.ofNullable(manifests.istiodEnv().get("ENABLE_NATIVE_SIDECARS")));
  }
}
