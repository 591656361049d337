package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.Incoming;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.ListenerFilter;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One outbound listener, which several services may share: the first HTTP routes and, for the same
 * addresses, the first TCP service hold; the oldest Service comes first.
 */
final class OutboundListener {

  /** What upstream TLS offers for an HTTP/1.1 request: the filter istio.alpn. */
  private static final ImmutableList<String> HTTP_ALPN =
      ImmutableList.of("istio-http/1.1", "istio", "http/1.1");

  private final Endpoint address;
  private final Map<ImmutableList<Cidr>, String> tcp = new LinkedHashMap<>();
  private @Nullable String routes;

  OutboundListener(Endpoint address) {
    this.address = address;
  }

  /** HTTP requests follow these routes. */
  void http(String routeName) {
    if (routes == null) {
      routes = routeName;
    }
  }

  /** Anything else goes to this cluster, if it calls these addresses; empty for all. */
  void tcp(String cluster, ImmutableList<Cidr> addresses) {
    tcp.putIfAbsent(addresses, cluster);
  }

  Listener build(FilterChain rest, long sniffingTimeout) {
    String name = address.address() + "_" + address.port();
    Listener.Builder listener = Listener.builder(name, address).bindToPort(false);
    if (routes != null) {
      listener
          .filter(ListenerFilter.TLS_INSPECTOR)
          .filter(ListenerFilter.HTTP_INSPECTOR)
          .filtersTimeout(sniffingTimeout, true)
          .chain(
              new FilterChain(
                  name + "-http",
                  FilterChainMatch.ANY
                      .transport(Incoming.RAW_BUFFER)
                      .alpn(InboundChains.PLAIN_HTTP),
                  TransportSocket.RAW,
                  new NetworkFilter.HttpConnectionManager(routes, Optional.empty(), HTTP_ALPN)));
    }
    for (Map.Entry<ImmutableList<Cidr>, String> each : tcp.entrySet()) {
      FilterChain chain = chain(name, each.getKey(), each.getValue());
      if (each.getKey().isEmpty() && routes != null) {
        // Beside the HTTP chain, one that demands nothing would never be found again.
        listener.defaultChain(chain);
      } else {
        listener.chain(chain);
      }
    }
    if (!tcp.containsKey(ImmutableList.<Cidr>of())) {
      listener.defaultChain(rest);
    }
    return listener.build();
  }

  private static FilterChain chain(String name, ImmutableList<Cidr> addresses, String cluster) {
    return new FilterChain(
        name,
        FilterChainMatch.ANY.prefixes(addresses.toArray(new Cidr[0])),
        TransportSocket.RAW,
        NetworkFilter.TcpProxy.to(cluster));
  }
}
