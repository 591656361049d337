package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What an istiod does with listeners of both directions.
 *
 * @param loopBlocker virtualInbound and virtualOutbound guard their own ports: from 1.8
 * @param loopBlockerFlag PILOT_ENABLE_LOOP_BLOCKER is known: 1.8 and 1.9
 * @param sniffsHttp10 HTTP/1.0 is told from TCP though proxies do not take it: up to 1.13
 * @param sniffingFlags PILOT_ENABLE_PROTOCOL_SNIFFING_FOR_INBOUND and _OUTBOUND are known: up to
 *     1.18
 * @param dualStack ISTIO_DUAL_STACK is known: from 1.17
 * @param inboundPortSetting the mesh's proxyInboundListenPort is known: from 1.18
 * @param waypointsTellPorts waypoints do not sniff ports whose protocol is known, so that servers
 *     may speak first: from 1.24
 */
record ListenerPreset(
    boolean loopBlocker,
    boolean loopBlockerFlag,
    boolean sniffsHttp10,
    boolean sniffingFlags,
    boolean dualStack,
    boolean inboundPortSetting,
    boolean waypointsTellPorts) {

  static ListenerPreset of(IstioVersion version) {
    return new ListenerPreset(
        /* loopBlocker= */ version.since(8),
        /* loopBlockerFlag= */ version.until(9),
        /* sniffsHttp10= */ version.until(13),
        /* sniffingFlags= */ version.until(18),
        /* dualStack= */ version.since(17),
        /* inboundPortSetting= */ version.since(18),
        /* waypointsTellPorts= */ version.since(24));
  }
}
