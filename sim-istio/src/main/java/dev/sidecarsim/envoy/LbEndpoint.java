package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Endpoint;

/**
 * A host of a cluster.
 *
 * @param host an address, or a name where the cluster resolves names
 * @param transportMatch what transport socket matches look at, such as {@code tlsMode: istio}
 * @param unmodelled what kind of address it has if it is none of IP; empty otherwise
 */
public record LbEndpoint(
    String host, int port, ImmutableMap<String, String> transportMatch, String unmodelled) {

  /** A host with an IP address or a name. */
  public LbEndpoint(String host, int port, ImmutableMap<String, String> transportMatch) {
    this(host, port, transportMatch, "");
  }

  public static LbEndpoint of(Endpoint endpoint) {
    return new LbEndpoint(endpoint.address().toString(), endpoint.port(), ImmutableMap.of());
  }

  /** A host that no packet reaches, such as a Unix domain socket. */
  public static LbEndpoint unmodelled(String what) {
    return new LbEndpoint(what, 0, ImmutableMap.of(), what);
  }
}
