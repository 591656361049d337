package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableRangeSet;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.Optional;

/** Reads a listener of the APIs v2 and v3. */
final class ListenerReader {

  /** Where {@code listener_filters_timeout} is absent (listener.proto). */
  private static final long DEFAULT_TIMEOUT = Durations.seconds(15);

  private final ProtoMessage written;
  private final FilterChainReader chains;

  private ListenerReader(ProtoMessage written, String identity) {
    this.written = written;
    this.chains = new FilterChainReader(identity);
  }

  /**
   * Reads a listener.
   *
   * @param identity the subject of the proxy's certificate, which dumps do not show
   */
  static Listener read(ProtoMessage written, String identity) {
    return new ListenerReader(written, identity).read();
  }

  /** Whether it has filter chains: those of UDP and of gRPC's own clients have none. */
  static boolean takesConnections(ProtoMessage written) {
    return !written.messages("filter_chains").isEmpty() || written.has("default_filter_chain");
  }

  private Listener read() {
    if (!takesConnections(written)) {
      throw new JsonException(
          written.location(),
          "listener "
              + nameOf(written)
              + " has no filter chain: it takes no TCP connections; name another");
    }
    Listener.Builder listener =
        Listener.builder(nameOf(written), addresses(written))
            .bindToPort(bindToPort())
            .useOriginalDst(written.flag("use_original_dst").orElse(false))
            .transparent(written.flag("transparent").orElse(false))
            .filtersTimeout(
                written.duration("listener_filters_timeout").orElse(DEFAULT_TIMEOUT),
                written.flag("continue_on_listener_filters_timeout").orElse(false));
    if (written.has("filter_chain_matcher")) {
      listener.matcher(ChainTreeReader.read(written.messageOrEmpty("filter_chain_matcher")));
    }
    written.messages("listener_filters").forEach(filter -> listener.filter(filter(filter)));
    boolean proxyProtocol = false;
    for (ProtoMessage chain : written.messages("filter_chains")) {
      listener.chain(chains.read(chain));
      proxyProtocol |= chain.flag("use_proxy_proto").orElse(false);
    }
    if (proxyProtocol) {
      listener.filter(
          new ListenerFilter(ListenerFilter.Type.PROXY_PROTOCOL, ImmutableRangeSet.of()));
    }
    written
        .message("default_filter_chain")
        .ifPresent(chain -> listener.defaultChain(chains.read(chain)));
    return listener.build();
  }

  /** The listener's own name; Envoy prints none for listeners that were configured without one. */
  static String nameOf(ProtoMessage written) {
    return written.text("name");
  }

  /** The TCP addresses, the main one first; none for other listeners. */
  static ImmutableList<Endpoint> addresses(ProtoMessage written) {
    ImmutableList.Builder<Endpoint> all = ImmutableList.builder();
    written.message("address").ifPresent(address -> addTo(all, address));
    written
        .messages("additional_addresses")
        .forEach(more -> more.message("address").ifPresent(address -> addTo(all, address)));
    return all.build();
  }

  private static void addTo(ImmutableList.Builder<Endpoint> all, ProtoMessage address) {
    ProtoMessage socket = address.messageOrEmpty("socket_address");
    Optional<IpAddress> ip =
        IpAddress.isLiteral(socket.text("address")) ? socket.address("address") : Optional.empty();
    if (ip.isEmpty() || socket.text("protocol").equals("UDP")) {
      return;
    }
    int port = socket.port("port_value").orElse(0);
    all.add(new Endpoint(ip.get(), port));
    if (ip.get().equals(IpAddress.ANY_V6) && socket.flag("ipv4_compat").orElse(false)) {
      all.add(new Endpoint(IpAddress.ANY_V4, port));
    }
  }

  private boolean bindToPort() {
    return written
        .flag("bind_to_port")
        .or(() -> written.messageOrEmpty("deprecated_v1").flag("bind_to_port"))
        .orElse(true);
  }

  private static ListenerFilter filter(ProtoMessage written) {
    Extension filter = Extension.of(written);
    Optional<ImmutableRangeSet<Integer>> disabled =
        written.has("filter_disabled")
            ? PortPredicate.of(written.messageOrEmpty("filter_disabled"))
            : Optional.of(ImmutableRangeSet.of());
    if (disabled.isEmpty()) {
      return unmodelled(filter.describe() + " with its filter_disabled", ImmutableRangeSet.of());
    }
    int mark = filter.settings().number("mark").map(Long::intValue).orElse(0);
    return type(filter)
        .map(type -> new ListenerFilter(type, type.word(), disabled.get(), mark))
        .orElseGet(() -> unmodelled(filter.describe(), disabled.get()));
  }

  private static Optional<ListenerFilter.Type> type(Extension filter) {
    if (filter.is("OriginalDst", "original_dst")) {
      return Optional.of(ListenerFilter.Type.ORIGINAL_DST);
    }
    if (filter.is("OriginalSrc", "original_src")) {
      return Optional.of(ListenerFilter.Type.ORIGINAL_SRC);
    }
    if (filter.is("TlsInspector", "tls_inspector")) {
      return closesOnErrors(filter)
          ? Optional.empty()
          : Optional.of(ListenerFilter.Type.TLS_INSPECTOR);
    }
    if (filter.is("ProxyProtocol", "proxy_protocol")) {
      return proxyProtocol(filter.settings());
    }
    return filter.is("HttpInspector", "http_inspector")
        ? Optional.of(ListenerFilter.Type.HTTP_INSPECTOR)
        : Optional.empty();
  }

  private static Optional<ListenerFilter.Type> proxyProtocol(ProtoMessage settings) {
    if (settings.has("disallowed_versions")) {
      return Optional.empty();
    }
    return Optional.of(
        settings.flag("allow_requests_without_proxy_protocol").orElse(false)
            ? ListenerFilter.Type.OPTIONAL_PROXY_PROTOCOL
            : ListenerFilter.Type.PROXY_PROTOCOL);
  }

  /** Whether a TLS inspector turns plaintext away, which Istio never asks for. */
  private static boolean closesOnErrors(Extension inspector) {
    return inspector
        .settings()
        .flag("close_connection_on_client_hello_parsing_errors")
        .orElse(false);
  }

  private static ListenerFilter unmodelled(String what, ImmutableRangeSet<Integer> disabled) {
    return new ListenerFilter(ListenerFilter.Type.UNMODELLED, what, disabled);
  }
}
