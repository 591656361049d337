package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A set of hosts and how Envoy talks to them.
 *
 * @param connectTimeoutNanos how long a connection may take, TLS handshake included
 * @param bindAddresses the source addresses of upstream connections, one a family at most
 * @param transport what is spoken where no match decides
 * @param transportMatches tried in order against each endpoint's metadata
 * @param maxConnections above which connections are refused (UO); 4294967295 for no limit
 * @param trackRemaining whether the circuit breaker counts what is left
 * @param cleanupIntervalSeconds {@code cleanup_interval} of an original-destination cluster
 * @param protocolSelection how HTTP is spoken upstream
 * @param services the services it stands for, for display
 * @param origin the resource that has a say in it, for display; empty for none
 */
public record Cluster(
    String name,
    Discovery discovery,
    long connectTimeoutNanos,
    ImmutableList<IpAddress> bindAddresses,
    TransportSocket transport,
    ImmutableList<TransportMatch> transportMatches,
    long maxConnections,
    boolean trackRemaining,
    OptionalLong cleanupIntervalSeconds,
    ProtocolSelection protocolSelection,
    ImmutableList<ServiceRef> services,
    Optional<Origin> origin) {

  /** What Istio writes where it wants no limit: the largest unsigned 32-bit number. */
  public static final long NO_LIMIT = 4_294_967_295L;

  /** How HTTP requests are spoken to the hosts. */
  public enum ProtocolSelection {
    HTTP1,
    HTTP2,
    USE_DOWNSTREAM
  }

  /** A service that a cluster stands for. */
  public record ServiceRef(String host, String name, String namespace) {}

  /**
   * A transport socket for the endpoints that match.
   *
   * @param match metadata that an endpoint must have; empty matches all
   */
  public record TransportMatch(
      String name, ImmutableMap<String, String> match, TransportSocket transport) {}

  /** The transport socket for an endpoint: the first match, else the cluster's own. */
  public TransportSocket transportFor(LbEndpoint endpoint) {
    return transportMatches.stream()
        .filter(m -> endpoint.transportMatch().entrySet().containsAll(m.match().entrySet()))
        .findFirst()
        .map(TransportMatch::transport)
        .orElse(transport);
  }

  /** The source address for calls to a destination; empty: the kernel's choice. */
  Optional<IpAddress> bindAddressFor(IpAddress destination) {
    return bindAddresses.stream().filter(own -> own.v6() == destination.v6()).findFirst();
  }

  public static Builder builder(String name, Discovery discovery) {
    return new Builder(name, discovery);
  }

  /** Collects a cluster; by default plaintext, unlimited, with Istio's connect timeout of 10 s. */
  public static final class Builder {
    private final String name;
    private final Discovery discovery;
    private long connectTimeoutNanos = Durations.seconds(10);
    private ImmutableList<IpAddress> bindAddresses = ImmutableList.of();
    private TransportSocket transport = TransportSocket.RAW;
    private ImmutableList<TransportMatch> transportMatches = ImmutableList.of();
    private long maxConnections = NO_LIMIT;
    private boolean trackRemaining;
    private OptionalLong cleanupIntervalSeconds = OptionalLong.empty();
    private ProtocolSelection protocolSelection = ProtocolSelection.HTTP1;
    private ImmutableList<ServiceRef> services = ImmutableList.of();
    private Optional<Origin> origin = Optional.empty();

    private Builder(String name, Discovery discovery) {
      this.name = name;
      this.discovery = discovery;
    }

    @CanIgnoreReturnValue
    public Builder connectTimeout(long nanos) {
      connectTimeoutNanos = nanos;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder bind(Iterable<IpAddress> addresses) {
      bindAddresses = ImmutableList.copyOf(addresses);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder transport(TransportSocket socket) {
      transport = socket;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder transportMatches(Iterable<TransportMatch> matches) {
      transportMatches = ImmutableList.copyOf(matches);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder maxConnections(long limit) {
      maxConnections = limit;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder trackRemaining(boolean value) {
      trackRemaining = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder cleanupInterval(OptionalLong seconds) {
      cleanupIntervalSeconds = seconds;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder protocolSelection(ProtocolSelection selection) {
      protocolSelection = selection;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder services(Iterable<ServiceRef> refs) {
      services = ImmutableList.copyOf(refs);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder origin(Optional<Origin> resource) {
      origin = resource;
      return this;
    }

    public Cluster build() {
      return new Cluster(
          name,
          discovery,
          connectTimeoutNanos,
          bindAddresses,
          transport,
          transportMatches,
          maxConnections,
          trackRemaining,
          cleanupIntervalSeconds,
          protocolSelection,
          services,
          origin);
    }
  }
}
