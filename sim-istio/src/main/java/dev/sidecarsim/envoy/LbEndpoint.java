package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Endpoint;

/**
 * A host of a cluster.
 *
 * @param host an address, or a name where the cluster resolves names
 * @param transportMatch what transport socket matches look at, such as {@code tlsMode: istio}
 */
public record LbEndpoint(String host, int port, ImmutableMap<String, String> transportMatch) {

  public static LbEndpoint of(Endpoint endpoint) {
    return new LbEndpoint(endpoint.address().toString(), endpoint.port(), ImmutableMap.of());
  }
}
