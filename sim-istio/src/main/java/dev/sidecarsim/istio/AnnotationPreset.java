package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;

/**
 * Which of a pod's annotations, and of the chart's values, the injector and the CNI plugin heed.
 *
 * @param nativeSidecars whether the proxy is a sidecar in Kubernetes' sense
 * @param excludesInterfaces a pod's excluded interfaces are passed on to istio-iptables, which knew
 *     them from 1.11.3 on: from 1.15 (istio/istio#39404)
 * @param cniExcludesInterfaces the CNI plugin looks at them, too: from 1.17 (istio/istio#42381)
 * @param reroutesInterfaces {@code istio.io/reroute-virtual-interfaces} is known: from 1.25
 * @param nativeNftables {@code values.global.nativeNftables} has istio-iptables make rules for nft:
 *     from 1.27 (istio/istio#56487)
 * @param passesOutboundPort the mesh's proxyListenPort goes to istio-iptables, which istiod heeded
 *     before: from 1.12 (istio/istio#34706)
 * @param passesInboundPort so does proxyInboundListenPort: from 1.18 (istio/istio#43876)
 * @param includesInboundByValue {@code values.global.proxy.includeInboundPorts} is looked at: from
 *     1.12 (istio/istio#35264)
 * @param cniKeepsEmptyInbound so it is where it is empty and the CNI plugin is used: from 1.25
 *     (istio/istio#54288)
 * @param checksInterfaces lists of interfaces are checked: from 1.30 (istio/istio#58781)
 * @param checksQuantities what the proxy may use is checked: from 1.29, 1.28.4 and 1.27.6
 *     (istio/istio#58889)
 * @param checksCoreDump {@code sidecar.istio.io/enableCoreDump} is checked: until 1.24
 *     (istio/istio#53830)
 */
record AnnotationPreset(
    NativeSidecars nativeSidecars,
    boolean excludesInterfaces,
    boolean cniExcludesInterfaces,
    boolean reroutesInterfaces,
    boolean nativeNftables,
    boolean passesOutboundPort,
    boolean passesInboundPort,
    boolean includesInboundByValue,
    boolean cniKeepsEmptyInbound,
    boolean checksInterfaces,
    boolean checksQuantities,
    boolean checksCoreDump) {

  static AnnotationPreset of(IstioVersion version) {
    return new AnnotationPreset(
        nativeSidecars(version),
        /* excludesInterfaces= */ version.since(15),
        /* cniExcludesInterfaces= */ version.since(17),
        /* reroutesInterfaces= */ version.since(25),
        /* nativeNftables= */ version.since(27),
        /* passesOutboundPort= */ version.since(12),
        /* passesInboundPort= */ version.since(18),
        /* includesInboundByValue= */ version.since(12),
        /* cniKeepsEmptyInbound= */ version.since(25),
        /* checksInterfaces= */ version.since(30),
        checksQuantities(version),
        /* checksCoreDump= */ version.until(24));
  }

  private static NativeSidecars nativeSidecars(IstioVersion version) {
    if (version.since(27)) {
      return NativeSidecars.AUTO;
    }
    return version.since(19) ? NativeSidecars.OFF : NativeSidecars.UNKNOWN;
  }

  private static boolean checksQuantities(IstioVersion version) {
    return version.since(29)
        || (version.minor() == 28 && version.patch() >= 4)
        || (version.minor() == 27 && version.patch() >= 6);
  }
}
