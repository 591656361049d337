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
import dev.sidecarsim.time.Durations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One outbound listener, which several services may share: the first HTTP routes and, for the same
 * addresses and server names, the first TCP service hold; the oldest Service comes first.
 */
final class OutboundListener {

  /** What upstream TLS offers for an HTTP/1.1 request: the filter istio.alpn. */
  private static final ImmutableList<String> HTTP_ALPN =
      ImmutableList.of("istio-http/1.1", "istio", "http/1.1");

  /** What Envoy takes where the control plane sets nothing. */
  private static final long ENVOYS_TIMEOUT = Durations.seconds(15);

  /** What a chain demands. */
  private record Key(ImmutableList<Cidr> addresses, ImmutableList<String> serverNames) {

    static final Key ANYTHING = new Key(ImmutableList.of(), ImmutableList.of());

    FilterChainMatch match() {
      return FilterChainMatch.ANY
          .prefixes(addresses.toArray(new Cidr[0]))
          .servers(serverNames.toArray(new String[0]));
    }
  }

  private final Endpoint address;
  private final boolean bound;
  private final Map<Key, NetworkFilter> ways = new LinkedHashMap<>();
  private @Nullable String routes;

  /**
   * @param bound whether it has a socket of its own
   */
  OutboundListener(Endpoint address, boolean bound) {
    this.address = address;
    this.bound = bound;
  }

  /** HTTP requests follow these routes. */
  void http(String routeName) {
    if (routes == null) {
      routes = routeName;
    }
  }

  /** Anything else goes one way, if it is what that asks for. */
  void add(Routing.Way way) {
    boolean anyName = way.serverNames().contains("*");
    Key key = new Key(way.addresses(), anyName ? ImmutableList.of() : way.serverNames());
    ways.putIfAbsent(key, way.filter());
  }

  /**
   * The listener.
   *
   * @param plainHttp what the HTTP inspector's findings are that go to the routes
   * @param acceptsHttp10 whether routes take HTTP/1.0
   * @param rest the chain of all that no other takes
   */
  Listener build(
      ImmutableList<String> plainHttp,
      boolean acceptsHttp10,
      FilterChain rest,
      long sniffingTimeout) {
    String name = address.address() + "_" + address.port();
    Listener.Builder listener = Listener.builder(name, address).bindToPort(bound);
    if (routes != null) {
      listener
          .filter(ListenerFilter.TLS_INSPECTOR)
          .filter(ListenerFilter.HTTP_INSPECTOR)
          .filtersTimeout(sniffingTimeout, true)
          .chain(httpChain(name, routes, plainHttp, acceptsHttp10));
    } else if (ways.keySet().stream().anyMatch(key -> !key.serverNames().isEmpty())) {
      listener.filter(ListenerFilter.TLS_INSPECTOR).filtersTimeout(ENVOYS_TIMEOUT, false);
    }
    ways.forEach(
        (key, filter) -> {
          FilterChain chain = new FilterChain(name, key.match(), TransportSocket.RAW, filter);
          if (key.equals(Key.ANYTHING) && routes != null) {
            // Beside the HTTP chain, one that demands nothing would not be found again.
            listener.defaultChain(chain);
          } else {
            listener.chain(chain);
          }
        });
    if (!ways.containsKey(Key.ANYTHING)) {
      listener.defaultChain(rest);
    }
    return listener.build();
  }

  private static FilterChain httpChain(
      String name, String routes, ImmutableList<String> plainHttp, boolean acceptsHttp10) {
    return new FilterChain(
        name + "-http",
        FilterChainMatch.ANY.transport(Incoming.RAW_BUFFER).alpn(plainHttp),
        TransportSocket.RAW,
        new NetworkFilter.HttpConnectionManager(
            routes, Optional.empty(), HTTP_ALPN, ImmutableList.of(), acceptsHttp10));
  }
}
