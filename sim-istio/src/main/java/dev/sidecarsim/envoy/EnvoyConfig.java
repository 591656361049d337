package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.Optional;

/**
 * Everything that an Envoy has been told.
 *
 * @param endpoints the hosts of EDS clusters, by the service name that the cluster gives
 * @param routes route configurations by name
 */
public record EnvoyConfig(
    ImmutableList<Listener> listeners,
    ImmutableMap<String, Cluster> clusters,
    ImmutableListMultimap<String, LbEndpoint> endpoints,
    ImmutableMap<String, RouteConfiguration> routes) {

  /** An Envoy that has been told nothing yet: it listens nowhere. */
  public static final EnvoyConfig EMPTY =
      new EnvoyConfig(
          ImmutableList.of(), ImmutableMap.of(), ImmutableListMultimap.of(), ImmutableMap.of());

  /** A configuration without EDS and RDS. */
  public static EnvoyConfig of(Iterable<Listener> listeners, Iterable<Cluster> clusters) {
    return new EnvoyConfig(
        ImmutableList.copyOf(listeners),
        Maps.uniqueIndex(clusters, Cluster::name),
        ImmutableListMultimap.of(),
        ImmutableMap.of());
  }

  public Optional<Listener> listener(String name) {
    return listeners.stream().filter(candidate -> candidate.name().equals(name)).findFirst();
  }
}
