package dev.sidecarsim.envoy;

/** A match, and what becomes of connections that it takes. */
public record FilterChain(
    String name, FilterChainMatch match, TransportSocket transport, NetworkFilter filter) {

  @Override
  public String toString() {
    return name + " [" + match + "] -> " + filter.target();
  }
}
