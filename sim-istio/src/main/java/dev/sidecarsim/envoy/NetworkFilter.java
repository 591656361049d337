package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.Random;

/** A filter of a chain. The last one decides where a connection goes, others may turn it away. */
public sealed interface NetworkFilter {

  /** What it leads to, as {@code cluster:NAME} or {@code route:NAME}; {@code none} for nothing. */
  String target();

  /**
   * {@code tcp_proxy}: all bytes to one cluster, drawn by weight for each connection.
   *
   * @param clusters names and weights; one of weight 1 where there is no choice
   */
  record TcpProxy(ImmutableList<WeightedCluster> clusters) implements NetworkFilter {

    public TcpProxy {
      if (clusters.isEmpty()) {
        throw new IllegalArgumentException("a tcp_proxy needs a cluster; name one");
      }
    }

    public static TcpProxy to(String cluster) {
      return new TcpProxy(ImmutableList.of(new WeightedCluster(cluster, 1)));
    }

    @Override
    public String target() {
      return "cluster:" + String.join(",", clusters.stream().map(WeightedCluster::name).toList());
    }
  }

  /** A cluster and its share of the connections. */
  record WeightedCluster(String name, int weight) {

    /** Draws one of some. */
    static String draw(ImmutableList<WeightedCluster> clusters, Random random) {
      if (clusters.size() == 1) {
        return clusters.get(0).name();
      }
      int total = clusters.stream().mapToInt(WeightedCluster::weight).sum();
      int ticket = random.nextInt(Math.max(1, total));
      for (WeightedCluster each : clusters) {
        ticket -= each.weight();
        if (ticket < 0) {
          return each.name();
        }
      }
      return clusters.get(0).name();
    }
  }

  /**
   * {@code http_connection_manager}: each request to the cluster that the routes name.
   *
   * @param routeName the name of the route configuration
   * @param inline the configuration itself; empty if it is looked up by name in the configuration
   * @param upstreamAlpn what upstream TLS offers for HTTP/1.1 requests in place of the cluster's
   *     own list; empty for the cluster's
   * @param access the RBAC filters among its HTTP filters, in order
   * @param acceptsHttp10 whether it takes HTTP/1.0 ({@code accept_http_10})
   */
  record HttpConnectionManager(
      String routeName,
      Optional<RouteConfiguration> inline,
      ImmutableList<String> upstreamAlpn,
      ImmutableList<Rbac> access,
      boolean acceptsHttp10)
      implements NetworkFilter {

    /** One that lets all requests of HTTP/1.1 pass. */
    public HttpConnectionManager(
        String routeName, Optional<RouteConfiguration> inline, ImmutableList<String> upstreamAlpn) {
      this(routeName, inline, upstreamAlpn, ImmutableList.of(), false);
    }

    @Override
    public String target() {
      return "route:" + routeName;
    }
  }

  /**
   * {@code http_connection_manager} with one route, which ends the tunnel of a CONNECT and hands
   * what comes through it to a listener inside of this Envoy.
   */
  record TunnelEnd(String listener) implements NetworkFilter {
    @Override
    public String target() {
      return "route:default";
    }
  }

  /** {@code envoy.filters.network.rbac}, asked at the caller's first byte. */
  record AccessControl(Rbac rbac) implements NetworkFilter {
    @Override
    public String target() {
      return "none";
    }
  }

  /** No filter at all: the connection is closed at once. */
  record None() implements NetworkFilter {
    @Override
    public String target() {
      return "none";
    }
  }

  /**
   * A filter that may decide about a connection, and of which it is not known how.
   *
   * @param what its name and type
   */
  record Unmodelled(String what) implements NetworkFilter {
    @Override
    public String target() {
      return "none";
    }
  }
}
