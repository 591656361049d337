package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What an injector does, and the agent that it puts into a pod.
 *
 * @param tcpProbesRewritten kubelet's TCP probes go to the agent: from 1.12
 * @param grpcProbesRewritten so do its gRPC probes: from 1.13
 * @param probesPodAddress the agent probes the pod's address from 127.0.0.6: from 1.10
 * @param injectLabel the pod label {@code sidecar.istio.io/inject} is enough: from 1.10
 * @param onlyTrueAndFalse of a pod's own word on injection only true and false count: from 1.27
 *     (istio/istio#56737); before, y, yes, true and on in any case meant yes, and all else no
 * @param nativeSidecars whether the proxy is a sidecar in Kubernetes' sense
 * @param startupProbe the proxy has a startup probe: from 1.20
 * @param excludesInterfaces a pod's excluded interfaces are passed on to istio-iptables, which knew
 *     them from 1.11.3 on: from 1.15 (istio/istio#39404)
 * @param cniExcludesInterfaces the CNI plugin looks at them, too: from 1.17 (istio/istio#42381)
 * @param reroutesInterfaces {@code istio.io/reroute-virtual-interfaces} is known: from 1.25
 * @param nativeNftables {@code values.global.nativeNftables} has istio-iptables make rules for nft:
 *     from 1.27 (istio/istio#56487)
 * @param passesOutboundPort the mesh's proxyListenPort goes to istio-iptables, which istiod heeded
 *     before: from 1.12 (istio/istio#34706)
 * @param passesInboundPort so does proxyInboundListenPort: from 1.18 (istio/istio#43876)
 * @param checksInterfaces lists of interfaces are checked: from 1.30 (istio/istio#58781)
 * @param checksQuantities what the proxy may use is checked: from 1.29, 1.28.4 and 1.27.6
 *     (istio/istio#58889)
 * @param checksCoreDump {@code sidecar.istio.io/enableCoreDump} is checked: until 1.24
 *     (istio/istio#53830)
 * @param includesInboundByValue {@code values.global.proxy.includeInboundPorts} is looked at: from
 *     1.12 (istio/istio#35264)
 * @param cniExcludes the namespaces that the CNI plugin leaves alone where nobody says otherwise;
 *     charts from 1.23 to 1.26 wrote them under a name that the agent did not read
 * @param cniKeepsEmptyInbound so it is where it is empty and the CNI plugin is used: from 1.25
 *     (istio/istio#54288)
 */
record InjectionPreset(
    boolean tcpProbesRewritten,
    boolean grpcProbesRewritten,
    boolean probesPodAddress,
    boolean injectLabel,
    boolean onlyTrueAndFalse,
    NativeSidecars nativeSidecars,
    boolean startupProbe,
    boolean excludesInterfaces,
    boolean cniExcludesInterfaces,
    boolean reroutesInterfaces,
    boolean nativeNftables,
    boolean passesOutboundPort,
    boolean passesInboundPort,
    boolean checksInterfaces,
    boolean checksQuantities,
    boolean checksCoreDump,
    boolean includesInboundByValue,
    ImmutableSet<String> cniExcludes,
    boolean cniKeepsEmptyInbound) {

  static InjectionPreset of(IstioVersion version) {
    return new InjectionPreset(
        /* tcpProbesRewritten= */ version.since(12),
        /* grpcProbesRewritten= */ version.since(13),
        /* probesPodAddress= */ version.since(10),
        /* injectLabel= */ version.since(10),
        /* onlyTrueAndFalse= */ version.since(27),
        nativeSidecars(version),
        /* startupProbe= */ version.since(20),
        /* excludesInterfaces= */ version.since(15),
        /* cniExcludesInterfaces= */ version.since(17),
        /* reroutesInterfaces= */ version.since(25),
        /* nativeNftables= */ version.since(27),
        /* passesOutboundPort= */ version.since(12),
        /* passesInboundPort= */ version.since(18),
        /* checksInterfaces= */ version.since(30),
        checksQuantities(version),
        /* checksCoreDump= */ version.until(24),
        /* includesInboundByValue= */ version.since(12),
        cniExcludes(version),
        /* cniKeepsEmptyInbound= */ version.since(25));
  }

  private static ImmutableSet<String> cniExcludes(IstioVersion version) {
    if (version.until(22)) {
      return ImmutableSet.of("istio-system", "kube-system");
    }
    return version.until(26) ? ImmutableSet.of() : ImmutableSet.of("kube-system");
  }

  private static boolean checksQuantities(IstioVersion version) {
    return version.since(29)
        || (version.minor() == 28 && version.patch() >= 4)
        || (version.minor() == 27 && version.patch() >= 6);
  }

  private static NativeSidecars nativeSidecars(IstioVersion version) {
    if (version.since(27)) {
      return NativeSidecars.AUTO;
    }
    return version.since(19) ? NativeSidecars.OFF : NativeSidecars.UNKNOWN;
  }
}
