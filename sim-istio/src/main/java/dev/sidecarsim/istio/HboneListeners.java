package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.ListenerFilter;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.TransportSocket;
import java.util.List;

/**
 * How an Envoy takes HBONE ({@code buildInboundHBONEListeners()} of
 * pilot/pkg/networking/core/listener_inbound.go): one listener ends tunnels, whatever the mode of
 * mTLS is; an internal one takes what comes out of them, where nothing is encrypted once more.
 */
final class HboneListeners {

  private HboneListeners() {}

  /** The listener that ends tunnels. */
  static Listener tunnelEnd(IstiodContext context, ProxyNode node) {
    String identity = node.identity(context.resources().mesh().trustDomain());
    return Listener.builder(EnvoyNames.TUNNEL_END, context.virtualAddresses(node, Hbone.PORT))
        .chain(
            new FilterChain(
                "default",
                FilterChainMatch.ANY,
                new TransportSocket.DownstreamTls(true, identity),
                new NetworkFilter.TunnelEnd(EnvoyNames.TUNNEL_INSIDE)))
        .build();
  }

  /** The listener behind it. */
  static Listener internal(List<FilterChain> chains) {
    return Listener.builder(EnvoyNames.TUNNEL_INSIDE, ImmutableList.of())
        .bindToPort(false)
        .filter(ListenerFilter.ORIGINAL_DST)
        .filters(InboundInspectors.of(chains))
        .filtersTimeout(OutboundListener.ENVOYS_TIMEOUT, true)
        .chains(chains)
        .build();
  }
}
