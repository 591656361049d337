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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One outbound listener, which several services may share: the first HTTP routes and, for the same
 * addresses and server names, the first TCP service hold.
 */
final class OutboundListener {

  /** What upstream TLS offers for an HTTP/1.1 request: the filter istio.alpn. */
  static final ImmutableList<String> HTTP_ALPN =
      ImmutableList.of("istio-http/1.1", "istio", "http/1.1");

  /** What Envoy takes where the control plane sets nothing. */
  static final long ENVOYS_TIMEOUT = Durations.seconds(15);

  /** What a chain demands. */
  private record Key(ImmutableList<Cidr> addresses, ImmutableList<String> serverNames) {

    static final Key ANYTHING = new Key(ImmutableList.of(), ImmutableList.of());

    FilterChainMatch match() {
      return FilterChainMatch.ANY
          .prefixes(addresses.toArray(new Cidr[0]))
          .servers(serverNames.toArray(new String[0]));
    }
  }

  /** What all listeners of a proxy have in common. */
  interface Setting {
    /** What the HTTP inspector's findings are that go to the routes. */
    ImmutableList<String> plainHttp();

    /** Whether routes take HTTP/1.0. */
    boolean takesHttp10();
  }

  private final Endpoint address;
  private final boolean bound;
  private final Map<Key, NetworkFilter> ways = new LinkedHashMap<>();
  private ServiceProtocol protocol;
  private @Nullable String routes;
  private boolean sniffed;
  private boolean locked;

  /**
   * @param bound whether it has a socket of its own
   * @param protocol what its first service speaks
   */
  OutboundListener(Endpoint address, boolean bound, ServiceProtocol protocol) {
    this.address = address;
    this.bound = bound;
    this.protocol = protocol;
  }

  ServiceProtocol protocol() {
    return protocol;
  }

  /** From now on it speaks whatever comes. */
  void speaksEverything() {
    protocol = ServiceProtocol.AUTO;
  }

  boolean locked() {
    return locked;
  }

  /** No further service may share it. */
  void lock() {
    locked = true;
  }

  /**
   * HTTP requests follow these routes.
   *
   * @param amongOthers whether they are told from other bytes, which go other ways
   */
  void http(String routeName, boolean amongOthers) {
    if (routes == null) {
      routes = routeName;
      sniffed = amongOthers;
    }
  }

  /** Anything else goes one way, if it is what that asks for. */
  void add(Routing.Way way) {
    boolean anyName = way.serverNames().contains("*");
    Key key = new Key(way.addresses(), anyName ? ImmutableList.of() : way.serverNames());
    if (!key.equals(Key.ANYTHING) || routes == null || sniffed) {
      ways.putIfAbsent(key, way.filter());
    }
  }

  /**
   * The listener. A chain that demands nothing is the default beside others, where it is found
   * whatever else failed.
   *
   * @param rest the chain of all that no other takes
   */
  Listener build(Setting setting, FilterChain rest, long sniffingTimeout) {
    String name = address.address() + "_" + address.port();
    Listener.Builder listener = Listener.builder(name, address).bindToPort(bound);
    inspect(listener, sniffingTimeout);
    List<FilterChain> choosy = new ArrayList<>();
    Optional<FilterChain> any = Optional.empty();
    if (routes != null) {
      FilterChain http = httpChain(name, routes, setting);
      if (sniffed) {
        choosy.add(http);
      } else {
        any = Optional.of(http);
      }
    }
    for (Map.Entry<Key, NetworkFilter> way : ways.entrySet()) {
      FilterChain chain =
          new FilterChain(name, way.getKey().match(), TransportSocket.RAW, way.getValue());
      if (way.getKey().equals(Key.ANYTHING)) {
        any = Optional.of(chain);
      } else {
        choosy.add(chain);
      }
    }
    if (choosy.isEmpty()) {
      any.ifPresent(listener::chain);
    } else {
      choosy.forEach(listener::chain);
      listener.defaultChain(any.orElse(rest));
    }
    return listener.build();
  }

  private void inspect(Listener.Builder listener, long sniffingTimeout) {
    if (routes != null && sniffed) {
      listener
          .filter(ListenerFilter.TLS_INSPECTOR)
          .filter(ListenerFilter.HTTP_INSPECTOR)
          .filtersTimeout(sniffingTimeout, true);
    } else if (ways.keySet().stream().anyMatch(key -> !key.serverNames().isEmpty())) {
      listener.filter(ListenerFilter.TLS_INSPECTOR).filtersTimeout(ENVOYS_TIMEOUT, false);
    }
  }

  private FilterChain httpChain(String name, String routeName, Setting setting) {
    FilterChainMatch match =
        sniffed
            ? FilterChainMatch.ANY.transport(Incoming.RAW_BUFFER).alpn(setting.plainHttp())
            : FilterChainMatch.ANY;
    return new FilterChain(
        name + "-http",
        match,
        TransportSocket.RAW,
        new NetworkFilter.HttpConnectionManager(
            routeName, Optional.empty(), HTTP_ALPN, ImmutableList.of(), setting.takesHttp10()));
  }
}
