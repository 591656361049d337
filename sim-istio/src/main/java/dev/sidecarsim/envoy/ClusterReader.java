package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads a cluster of the APIs v2 and v3. */
final class ClusterReader {

  /** Where {@code connect_timeout} is absent (cluster.proto). */
  private static final long CONNECT_TIMEOUT = Durations.seconds(5);

  /** Where no threshold says otherwise (circuit_breaker.proto). */
  private static final long MAX_CONNECTIONS = 1024;

  private final ProtoMessage written;
  private final TransportSocketReader sockets;

  private ClusterReader(ProtoMessage written, String identity) {
    this.written = written;
    this.sockets = new TransportSocketReader(identity);
  }

  /**
   * Reads a cluster.
   *
   * @param identity the subject of the proxy's certificate, which dumps do not show
   */
  static Cluster read(ProtoMessage written, String identity) {
    return new ClusterReader(written, identity).read();
  }

  private Cluster read() {
    Optional<ProtoMessage> breaker = defaultThreshold();
    OptionalLong cleanup =
        written
            .duration("cleanup_interval")
            .map(nanos -> OptionalLong.of(nanos / Durations.SECOND))
            .orElse(OptionalLong.empty());
    return Cluster.builder(written.text("name"), discovery())
        .connectTimeout(written.duration("connect_timeout").orElse(CONNECT_TIMEOUT))
        .bind(sources())
        .transport(sockets.upstream(written))
        .transportMatches(transportMatches())
        .maxConnections(breaker.flatMap(b -> b.number("max_connections")).orElse(MAX_CONNECTIONS))
        .trackRemaining(breaker.flatMap(b -> b.flag("track_remaining")).orElse(false))
        .cleanupInterval(cleanup)
        .protocolSelection(selection())
        .services(services())
        .origin(Origin.of(written))
        .build();
  }

  private Optional<ProtoMessage> defaultThreshold() {
    return written.messageOrEmpty("circuit_breakers").messages("thresholds").stream()
        .filter(threshold -> !threshold.text("priority").equals("HIGH"))
        .findFirst();
  }

  // ---- where its hosts come from

  private Discovery discovery() {
    Optional<String> unmodelled = unmodelled();
    return unmodelled.isPresent()
        ? new Discovery.Unmodelled(type(), unmodelled.get())
        : discovery(type());
  }

  private String type() {
    String extension = Extension.of(written.messageOrEmpty("cluster_type")).name();
    if (!extension.isEmpty()) {
      return switch (extension) {
        case "envoy.cluster.static" -> "STATIC";
        case "envoy.cluster.strict_dns" -> "STRICT_DNS";
        case "envoy.cluster.logical_dns" -> "LOGICAL_DNS";
        case "envoy.cluster.eds" -> "EDS";
        case "envoy.cluster.original_dst" -> "ORIGINAL_DST";
        default -> extension;
      };
    }
    String type = written.text("type");
    return switch (type) {
      case "", "0" -> "STATIC";
      case "1" -> "STRICT_DNS";
      case "2" -> "LOGICAL_DNS";
      case "3" -> "EDS";
      case "4" -> "ORIGINAL_DST";
      default -> type;
    };
  }

  private Discovery discovery(String type) {
    return switch (type) {
      case "STATIC" -> new Discovery.Static(hosts());
      case "STRICT_DNS" -> new Discovery.StrictDns(hosts());
      case "LOGICAL_DNS" -> new Discovery.LogicalDns(hosts());
      case "EDS" -> {
        String service = written.messageOrEmpty("eds_cluster_config").text("service_name");
        yield new Discovery.Eds(service.isEmpty() ? written.text("name") : service);
      }
      case "ORIGINAL_DST" -> {
        Optional<Integer> port =
            written.messageOrEmpty("original_dst_lb_config").port("upstream_port_override");
        yield new Discovery.OriginalDst(
            port.isPresent() ? OptionalInt.of(port.get()) : OptionalInt.empty());
      }
      default -> new Discovery.Unmodelled(type, "its type " + type);
    };
  }

  private ImmutableList<LbEndpoint> hosts() {
    return written
        .message("load_assignment")
        .map(EndpointReader::hosts)
        .orElseGet(
            () ->
                written.messages("hosts").stream()
                    .map(EndpointReader::ofAddress)
                    .collect(ImmutableList.toImmutableList()));
  }

  /** What decides about this cluster's connections and is not modelled. */
  private Optional<String> unmodelled() {
    ProtoMessage original = written.messageOrEmpty("original_dst_lb_config");
    if (original.flag("use_http_header").orElse(false) || original.has("metadata_key")) {
      return Optional.of("original_dst_lb_config");
    }
    return written.messageOrEmpty("lb_subset_config").messages("subset_selectors").isEmpty()
        ? Optional.empty()
        : Optional.of("lb_subset_config");
  }

  // ---- how they are spoken to

  private ImmutableList<IpAddress> sources() {
    ProtoMessage bind = written.messageOrEmpty("upstream_bind_config");
    Stream<ProtoMessage> more =
        Stream.of("extra_source_addresses", "additional_source_addresses")
            .flatMap(field -> bind.messages(field).stream())
            .flatMap(each -> each.message("address").stream());
    return Stream.concat(bind.message("source_address").stream(), more)
        .flatMap(address -> address.address("address").stream())
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<Cluster.TransportMatch> transportMatches() {
    return written.messages("transport_socket_matches").stream()
        .map(
            match ->
                new Cluster.TransportMatch(
                    match.text("name"),
                    EndpointReader.texts(match.messageOrEmpty("match").source()),
                    sockets.upstream(match)))
        .collect(ImmutableList.toImmutableList());
  }

  private Cluster.ProtocolSelection selection() {
    ProtoMessage http =
        written
            .messageOrEmpty("typed_extension_protocol_options")
            .source()
            .object("envoy.extensions.upstreams.http.v3.HttpProtocolOptions")
            .map(ProtoMessage::of)
            .orElse(written);
    if (http.has("use_downstream_protocol_config")
        || written.text("protocol_selection").equals("USE_DOWNSTREAM_PROTOCOL")) {
      return Cluster.ProtocolSelection.USE_DOWNSTREAM;
    }
    ProtoMessage explicit = http.messageOrEmpty("explicit_http_config");
    return written.has("http2_protocol_options") || explicit.has("http2_protocol_options")
        ? Cluster.ProtocolSelection.HTTP2
        : Cluster.ProtocolSelection.HTTP1;
  }

  private ImmutableList<Cluster.ServiceRef> services() {
    return written
        .messageOrEmpty("metadata")
        .messageOrEmpty("filter_metadata")
        .messageOrEmpty("istio")
        .messages("services")
        .stream()
        .map(s -> new Cluster.ServiceRef(s.text("host"), s.text("name"), s.text("namespace")))
        .collect(ImmutableList.toImmutableList());
  }
}
