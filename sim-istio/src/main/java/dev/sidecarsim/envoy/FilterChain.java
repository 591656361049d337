package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

/**
 * A match, and what becomes of connections that it takes.
 *
 * @param name empty for none; names repeat
 * @param filters network filters in order, the last of which decides where the connection goes;
 *     with none the connection is closed
 */
public record FilterChain(
    String name,
    FilterChainMatch match,
    TransportSocket transport,
    ImmutableList<NetworkFilter> filters) {

  /** A chain of one filter. */
  public FilterChain(
      String name, FilterChainMatch match, TransportSocket transport, NetworkFilter filter) {
    this(name, match, transport, ImmutableList.of(filter));
  }

  /** The last filter. */
  public NetworkFilter filter() {
    return filters.isEmpty() ? new NetworkFilter.None() : filters.get(filters.size() - 1);
  }

  /** The RBAC filters among them, in order. */
  ImmutableList<Rbac> access() {
    return filters.stream()
        .filter(NetworkFilter.AccessControl.class::isInstance)
        .map(filter -> ((NetworkFilter.AccessControl) filter).rbac())
        .collect(ImmutableList.toImmutableList());
  }

  /** What may keep a connection from the last filter's target and is not modelled. */
  public ImmutableSet<String> unmodelled() {
    ImmutableSet.Builder<String> all = ImmutableSet.builder();
    if (transport instanceof TransportSocket.Unmodelled socket) {
      all.add(socket.what());
    }
    for (NetworkFilter filter : filters) {
      if (filter instanceof NetworkFilter.Unmodelled unmodelled) {
        all.add(unmodelled.what());
      }
    }
    return all.build();
  }

  @Override
  public String toString() {
    return name + " [" + match + "] -> " + filter().target();
  }
}
