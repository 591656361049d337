package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How clients call a host, as far as it decides about connections.
 *
 * @param tls empty leaves the choice to auto mTLS
 * @param maxConnections of one client; empty for no limit
 * @param connectTimeoutNanos empty for the mesh's
 * @param passthrough whether the address called is dialled ({@code loadBalancer: PASSTHROUGH})
 */
record TrafficPolicy(
    Optional<Tls> tls,
    OptionalLong maxConnections,
    OptionalLong connectTimeoutNanos,
    Optional<Boolean> passthrough) {

  static final TrafficPolicy NONE =
      new TrafficPolicy(
          Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

  /**
   * How a client encrypts.
   *
   * @param sni the server name asked for; empty for the mode's own
   */
  record Tls(Mode mode, String sni) {}

  /** The kinds of encryption. */
  enum Mode {
    DISABLE,
    SIMPLE,
    MUTUAL,
    ISTIO_MUTUAL
  }

  static TrafficPolicy of(JsonObject policy) {
    JsonObject tcp = policy.objectOrEmpty("connectionPool").objectOrEmpty("tcp");
    Optional<Long> most = tcp.integer("maxConnections");
    Optional<String> timeout = tcp.string("connectTimeout");
    return new TrafficPolicy(
        policy.object("tls").map(TrafficPolicy::tls),
        most.isPresent() ? OptionalLong.of(most.get()) : OptionalLong.empty(),
        timeout.isPresent()
            ? OptionalLong.of(Choices.duration(tcp, "connectTimeout", timeout.get()))
            : OptionalLong.empty(),
        policy
            .object("loadBalancer")
            .map(balancer -> balancer.string("simple", "").equals("PASSTHROUGH")));
  }

  /** The policies for single ports; what they leave out is not taken from the policy around. */
  static ImmutableMap<Integer, TrafficPolicy> ports(JsonObject policy) {
    ImmutableMap.Builder<Integer, TrafficPolicy> ports = ImmutableMap.builder();
    for (JsonObject entry : policy.objects("portLevelSettings")) {
      ports.put(entry.objectOrEmpty("port").integer("number", 0, 1, 65535), of(entry));
    }
    return ports.buildKeepingLast();
  }

  private static Tls tls(JsonObject tls) {
    Mode mode =
        Mode.valueOf(
            Choices.of(tls, "mode", "DISABLE", "DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"));
    return new Tls(mode, tls.string("sni", ""));
  }

  /** This policy with what a subset's sets over it. */
  TrafficPolicy with(TrafficPolicy subset) {
    return new TrafficPolicy(
        subset.tls.or(() -> tls),
        subset.maxConnections.isPresent() ? subset.maxConnections : maxConnections,
        subset.connectTimeoutNanos.isPresent() ? subset.connectTimeoutNanos : connectTimeoutNanos,
        subset.passthrough.or(() -> passthrough));
  }
}
