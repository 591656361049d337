package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Names what a configuration has that may decide and is not modelled. */
final class Unmodelled {

  private Unmodelled() {}

  static ImmutableSet<String> of(Listener listener) {
    Set<String> all = new LinkedHashSet<>();
    for (ListenerFilter filter : listener.listenerFilters()) {
      if (filter.type() == ListenerFilter.Type.UNMODELLED) {
        all.add("listener " + listener.name() + ": listener filter " + filter.name());
      }
    }
    listener
        .filterChains()
        .forEach(chain -> chain.unmodelled().forEach(what -> add(all, listener, what)));
    listener
        .defaultFilterChain()
        .ifPresent(chain -> chain.unmodelled().forEach(what -> add(all, listener, what)));
    return ImmutableSet.copyOf(all);
  }

  private static void add(Set<String> all, Listener listener, String what) {
    all.add("listener " + listener.name() + ": " + what);
  }

  static ImmutableSet<String> of(Cluster cluster) {
    return cluster.discovery() instanceof Discovery.Unmodelled unmodelled
        ? ImmutableSet.of("cluster " + cluster.name() + ": " + unmodelled.what())
        : ImmutableSet.of();
  }
}
