package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.RbacCondition;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.envoy.StringMatch;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.Optional;

/**
 * What Envoy has before anybody tells it anything, and keeps: metrics, health and the way to the
 * agent (tools/packaging/common/envoy_bootstrap.json). Shown with the rest, and not called by any
 * application.
 */
public final class Bootstrap {

  private static final int ADMIN_PORT = 15000;
  private static final int AGENT_PORT = 15020;
  private static final int HEALTH_PORT = 15021;
  private static final int METRICS_PORT = 15090;

  /** Where Envoy listens on every address before it is told anything. */
  static final ImmutableSet<Integer> STATIC_PORTS = ImmutableSet.of(HEALTH_PORT, METRICS_PORT);

  private static final long SHORT = Durations.seconds(1) / 4;
  private static final long LONG = Durations.seconds(1);

  /** Envoy's own limit, where none is written (circuit_breaker.proto). */
  private static final long CONNECTIONS = 1024;

  private static final String METRICS = "prometheus_stats";
  private static final String AGENT = "agent";

  private final BootstrapPreset preset;
  private final IpAddress loopback;
  private final IpAddress wildcard;

  private Bootstrap(BootstrapPreset preset, boolean v6) {
    this.preset = preset;
    this.loopback = v6 ? IpAddress.LOOPBACK_V6 : IpAddress.LOOPBACK_V4;
    this.wildcard = v6 ? IpAddress.ANY_V6 : IpAddress.ANY_V4;
  }

  /**
   * A configuration with a version's bootstrap, unless it has one, as dumps do.
   *
   * @param version the sidecar's
   * @param v6 whether the pod has no IPv4 address
   */
  public static EnvoyConfig with(EnvoyConfig told, IstioVersion version, boolean v6) {
    if (told.clusters().containsKey(METRICS)) {
      return told;
    }
    Bootstrap own = new Bootstrap(BootstrapPreset.of(version), v6);
    ImmutableMap.Builder<String, Cluster> clusters = ImmutableMap.builder();
    clusters.putAll(told.clusters());
    own.clusters().forEach(cluster -> clusters.put(cluster.name(), cluster));
    return new EnvoyConfig(
        ImmutableList.<Listener>builder().addAll(told.listeners()).addAll(own.listeners()).build(),
        clusters.buildOrThrow(),
        told.endpoints(),
        told.routes());
  }

  private ImmutableList<Listener> listeners() {
    return ImmutableList.of(
        listener(METRICS_PORT, "/stats/prometheus", METRICS),
        listener(HEALTH_PORT, "/healthz/ready", AGENT));
  }

  private Listener listener(int port, String path, String cluster) {
    RouteConfiguration.Route route =
        new RouteConfiguration.Route(
            new RbacCondition.Path(new StringMatch(StringMatch.Kind.PREFIX, path, false)),
            RouteConfiguration.RouteAction.to(cluster));
    RouteConfiguration.VirtualHost host =
        new RouteConfiguration.VirtualHost(
            "backend", ImmutableList.of("*"), ImmutableList.of(route));
    RouteConfiguration routes = new RouteConfiguration("", ImmutableList.of(host));
    NetworkFilter manager =
        new NetworkFilter.HttpConnectionManager("", Optional.of(routes), ImmutableList.of());
    return Listener.builder("", new Endpoint(wildcard, port))
        .chain(new FilterChain("", FilterChainMatch.ANY, TransportSocket.RAW, manager))
        .build();
  }

  private ImmutableList<Cluster> clusters() {
    ImmutableList.Builder<Cluster> all = ImmutableList.builder();
    all.add(cluster(METRICS, SHORT, local(ADMIN_PORT)));
    all.add(cluster(AGENT, SHORT, local(AGENT_PORT)));
    all.add(
        cluster(
            "sds-grpc",
            LONG,
            socket(
                preset.workloadSocket()
                    ? "./var/run/secrets/workload-spiffe-uds/socket"
                    : "./etc/istio/proxy/SDS")));
    all.add(
        cluster(
            "xds-grpc", LONG, preset.xdsThroughAgent() ? socket("./etc/istio/proxy/XDS") : name()));
    if (preset.zipkin()) {
      all.add(cluster("zipkin", LONG, name()));
    }
    return all.build();
  }

  private static Cluster cluster(String name, long connectTimeoutNanos, Discovery hosts) {
    return Cluster.builder(name, hosts)
        .connectTimeout(connectTimeoutNanos)
        .maxConnections(CONNECTIONS)
        .build();
  }

  private Discovery local(int port) {
    return new Discovery.Static(ImmutableList.of(LbEndpoint.of(new Endpoint(loopback, port))));
  }

  private static Discovery socket(String path) {
    return new Discovery.Static(ImmutableList.of(LbEndpoint.unmodelled("unix:" + path)));
  }

  /** A name in istiod's namespace, of which it is not known whether it resolves. */
  private static Discovery name() {
    return new Discovery.StrictDns(ImmutableList.of());
  }
}
