package dev.sidecarsim.istio;

import dev.sidecarsim.json.JsonObject;

/**
 * Where the mesh has its proxies listen for what is redirected to them.
 *
 * @param outbound {@code proxyListenPort}
 * @param inbound {@code proxyInboundListenPort}, which releases before 1.18 do not know
 */
public record CapturePorts(int outbound, int inbound) {

  static final CapturePorts DEFAULT = new CapturePorts(15001, 15006);

  static CapturePorts of(JsonObject mesh) {
    return new CapturePorts(
        mesh.integer("proxyListenPort", DEFAULT.outbound, 1, 65535),
        mesh.integer("proxyInboundListenPort", DEFAULT.inbound, 1, 65535));
  }

  /** These ports, as far as whoever asks looks at the settings. */
  CapturePorts known(boolean outboundKnown, boolean inboundKnown) {
    return new CapturePorts(
        outboundKnown ? outbound : DEFAULT.outbound, inboundKnown ? inbound : DEFAULT.inbound);
  }

  boolean contains(int port) {
    return port == outbound || port == inbound;
  }
}
