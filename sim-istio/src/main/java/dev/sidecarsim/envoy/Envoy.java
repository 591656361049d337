package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A running Envoy: it listens as it was told, and opens connections of its own.
 *
 * <p>{@link #apply} replaces the configuration at any time. Sockets of listeners that stay, stay;
 * connections that are open go on as they began; new ones follow the new configuration.
 */
public final class Envoy {

  private final Process process;
  private final Random random;
  private final Map<Endpoint, dev.sidecarsim.host.Listener> sockets = new LinkedHashMap<>();
  private final Map<String, Integer> turns = new LinkedHashMap<>();
  private final Map<Listener, FilterChainMatcher> matchers = new LinkedHashMap<>();
  private final Map<String, Integer> active = new LinkedHashMap<>();
  private EnvoyConfig config = EnvoyConfig.EMPTY;
  private boolean told;
  private Map<Endpoint, Listener> byAddress = new LinkedHashMap<>();

  /**
   * @param process the program that the kernel sees
   * @param random what hosts are drawn with, and TLS's random bytes
   */
  public Envoy(Process process, Random random) {
    this.process = process;
    this.random = random;
    process.actAsProxy();
  }

  /** The configuration in force. */
  public EnvoyConfig config() {
    return config;
  }

  /** Whether it has been told anything yet. */
  public boolean configured() {
    return told;
  }

  /**
   * Takes a new configuration. A listener whose address cannot be bound is left out, as Envoy's
   * control plane would be told.
   *
   * @throws IllegalArgumentException if Envoy would refuse a listener's filter chains
   */
  public void apply(EnvoyConfig next) {
    Map<Endpoint, Listener> listeners = new LinkedHashMap<>();
    Map<Listener, FilterChainMatcher> chains = new LinkedHashMap<>();
    for (Listener listener : next.listeners()) {
      listener.addresses().forEach(address -> listeners.putIfAbsent(address, listener));
      FilterChainMatcher known = matchers.get(listener);
      chains.put(listener, known == null ? FilterChainMatcher.of(listener) : known);
    }
    config = next;
    told = true;
    byAddress = listeners;
    matchers.clear();
    matchers.putAll(chains);
    closeRemovedSockets();
    listeners.forEach(this::bind);
  }

  private void closeRemovedSockets() {
    sockets
        .entrySet()
        .removeIf(
            entry -> {
              Listener still = byAddress.get(entry.getKey());
              boolean gone = still == null || !still.bindToPort();
              if (gone) {
                entry.getValue().close();
              }
              return gone;
            });
  }

  private void bind(Endpoint address, Listener listener) {
    if (listener.bindToPort() && !sockets.containsKey(address)) {
      // Without ipv4_compat Envoy's IPv6 sockets leave IPv4 alone.
      Bound bound = process.listen(address, true, connection -> accept(address, connection));
      if (bound instanceof Bound.Listening listening) {
        sockets.put(address, listening.listener());
      }
    }
  }

  private ConnectionHandler accept(Endpoint address, Connection connection) {
    AcceptedConnection accepted = new AcceptedConnection(connection);
    Listener listener = byAddress.get(address);
    if (listener == null) {
      accepted.close();
    } else {
      new DownstreamSocket(this, accepted).run(listener);
    }
    return accepted.handler();
  }

  /** The listener for an address: its own, else the wildcard of its family and port. */
  Optional<Listener> listenerFor(Endpoint called) {
    Listener exact = byAddress.get(called);
    return Optional.ofNullable(
        exact != null ? exact : byAddress.get(new Endpoint(called.address().any(), called.port())));
  }

  ChainChoice choose(Listener listener, Incoming connection) {
    FilterChainMatcher matcher = matchers.get(listener);
    return (matcher == null ? FilterChainMatcher.of(listener) : matcher).choose(connection);
  }

  Process process() {
    return process;
  }

  Random random() {
    return random;
  }

  /** The pod's or node's name, which its steps carry. */
  String subject() {
    return process.namespace().name();
  }

  /** The hosts of a cluster for a connection. */
  ImmutableList<LbEndpoint> hosts(Cluster cluster, Incoming connection, boolean restored) {
    return cluster
        .discovery()
        .hosts(
            new Discovery.Situation(
                restored ? Optional.of(connection.destination()) : Optional.empty(),
                name -> config.endpoints().get(name)));
  }

  /** The next host in turn. The first turn of a cluster starts anywhere. */
  LbEndpoint next(Cluster cluster, ImmutableList<LbEndpoint> hosts) {
    int turn = turns.computeIfAbsent(cluster.name(), name -> random.nextInt(1 << 16));
    turns.put(cluster.name(), (turn + 1) & 0xffff);
    return hosts.get(turn % hosts.size());
  }

  /** The address of a host; empty if its name is unknown. */
  Optional<Endpoint> address(LbEndpoint host) {
    for (IpAddress address : process.resolve(host.host())) {
      return Optional.of(new Endpoint(address, host.port()));
    }
    return Optional.empty();
  }

  /** Counts a connection of a cluster; false if its circuit breaker is open. */
  boolean enter(Cluster cluster) {
    int open = active.getOrDefault(cluster.name(), 0);
    if (open >= cluster.maxConnections()) {
      return false;
    }
    active.put(cluster.name(), open + 1);
    return true;
  }

  void leave(Cluster cluster) {
    active.merge(cluster.name(), -1, Integer::sum);
  }
}
