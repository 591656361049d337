package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.util.Set;

/** Names what a configuration has that may decide and is not modelled, each thing once. */
final class Unmodelled {

  private final SetMultimap<String, String> places = LinkedHashMultimap.create();

  private Unmodelled() {}

  static ImmutableSet<String> of(EnvoyConfig config) {
    Unmodelled found = new Unmodelled();
    config.listeners().forEach(found::look);
    config.clusters().values().forEach(found::look);
    ImmutableSet.Builder<String> all = ImmutableSet.builder();
    found.places.asMap().forEach((what, where) -> all.add(sentence(what, Set.copyOf(where))));
    return all.build();
  }

  private void look(Listener listener) {
    for (ListenerFilter filter : listener.listenerFilters()) {
      if (filter.type() == ListenerFilter.Type.UNMODELLED) {
        places.put("listener filter " + filter.name(), "listener " + listener.name());
      }
    }
    listener.filterChains().forEach(chain -> look(listener, chain));
    listener.defaultFilterChain().ifPresent(chain -> look(listener, chain));
  }

  private void look(Listener listener, FilterChain chain) {
    chain.unmodelled().forEach(what -> places.put(what, "listener " + listener.name()));
  }

  private void look(Cluster cluster) {
    if (cluster.discovery() instanceof Discovery.Unmodelled unmodelled) {
      places.put(unmodelled.what(), "cluster " + cluster.name());
    }
  }

  private static String sentence(String what, Set<String> where) {
    String first = where.stream().sorted().findFirst().orElse("");
    String more = where.size() == 1 ? "" : " and " + (where.size() - 1) + " more";
    return first + more + ": " + what;
  }
}
