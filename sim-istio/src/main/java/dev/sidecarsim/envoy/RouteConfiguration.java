package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which cluster an HTTP request goes to: by Host, then by the first route of that host that takes
 * it.
 *
 * @param retries when a request is tried again, unless its route says otherwise
 * @param ignoresPort whether the host's port is passed over ({@code ignore_port_in_host_matching})
 */
public record RouteConfiguration(
    String name,
    ImmutableList<VirtualHost> virtualHosts,
    RetryPolicy retries,
    boolean ignoresPort) {

  /** No host has so many letters. */
  private static final int LONGEST = 1 << 16;

  /** Routes that look at a host as the request names it, with its port. */
  public RouteConfiguration(
      String name, ImmutableList<VirtualHost> virtualHosts, RetryPolicy retries) {
    this(name, virtualHosts, retries, false);
  }

  /** Routes without retries. */
  public RouteConfiguration(String name, ImmutableList<VirtualHost> virtualHosts) {
    this(name, virtualHosts, RetryPolicy.NONE);
  }

  /** One virtual host for everything, leading to one cluster. */
  public static RouteConfiguration allTo(String name, String host, String cluster) {
    return new RouteConfiguration(
        name,
        ImmutableList.of(new VirtualHost(host, ImmutableList.of("*"), RouteAction.to(cluster))));
  }

  /**
   * Some hosts and what becomes of their requests.
   *
   * @param domains exact names, {@code *.suffix}, {@code beginning*}, or {@code *}
   * @param routes in order; a request that none takes is answered with 404
   */
  public record VirtualHost(
      String name, ImmutableList<String> domains, ImmutableList<Route> routes) {

    /** Hosts whose requests all go the same way. */
    public VirtualHost(String name, ImmutableList<String> domains, RouteAction action) {
      this(name, domains, ImmutableList.of(new Route(RbacCondition.ANY, action)));
    }

    Optional<RouteAction> actionFor(RbacSubject subject) {
      return routes.stream()
          .filter(route -> route.match().holds(subject))
          .findFirst()
          .map(Route::action);
    }
  }

  /**
   * Some requests and what becomes of them.
   *
   * @param match in the words that RBAC has for requests, too
   * @param origin the VirtualService that says so; empty for what istiod makes by itself
   */
  public record Route(RbacCondition match, RouteAction action, Optional<Origin> origin) {

    /** A route that no VirtualService says. */
    public Route(RbacCondition match, RouteAction action) {
      this(match, action, Optional.empty());
    }
  }

  /**
   * A cluster, or a status that Envoy answers by itself.
   *
   * @param clusters drawn by weight for each request; none if a status is answered
   * @param directStatus the HTTP status; empty if a cluster is named
   * @param timeoutNanos how long the answer may take; empty for as long as it takes
   * @param retries when a request is tried again; empty for what all routes say
   * @param unmodelled what decides and is not modelled; empty if the action is known
   */
  public record RouteAction(
      ImmutableList<NetworkFilter.WeightedCluster> clusters,
      OptionalInt directStatus,
      OptionalLong timeoutNanos,
      Optional<RetryPolicy> retries,
      String unmodelled) {

    public static RouteAction to(String cluster) {
      return to(ImmutableList.of(new NetworkFilter.WeightedCluster(cluster, 1)));
    }

    /** One of some clusters. */
    public static RouteAction to(ImmutableList<NetworkFilter.WeightedCluster> clusters) {
      return to(clusters, OptionalLong.empty(), Optional.empty());
    }

    /** One of some clusters, with limits of its own. */
    public static RouteAction to(
        ImmutableList<NetworkFilter.WeightedCluster> clusters,
        OptionalLong timeoutNanos,
        Optional<RetryPolicy> retries) {
      return new RouteAction(clusters, OptionalInt.empty(), timeoutNanos, retries, "");
    }

    public static RouteAction status(int status) {
      return new RouteAction(
          ImmutableList.of(), OptionalInt.of(status), OptionalLong.empty(), Optional.empty(), "");
    }

    /** An action that depends on more than the host. */
    public static RouteAction unmodelled(String what) {
      return new RouteAction(
          ImmutableList.of(), OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), what);
    }
  }

  /**
   * The virtual host of a Host header: exact, else by the longest suffix, else by the longest
   * beginning, else {@code *}.
   */
  public Optional<VirtualHost> virtualHost(String host) {
    String named = ignoresPort ? host.replaceFirst(":\\d+$", "") : host;
    String wanted = named.toLowerCase(Locale.ROOT);
    Optional<VirtualHost> best = Optional.empty();
    int bestRank = -1;
    for (VirtualHost candidate : virtualHosts) {
      for (String domain : candidate.domains()) {
        int rank = rank(domain.toLowerCase(Locale.ROOT), wanted);
        if (rank > bestRank) {
          bestRank = rank;
          best = Optional.of(candidate);
        }
      }
    }
    return best;
  }

  private static int rank(String domain, String host) {
    if (domain.equals(host)) {
      return Integer.MAX_VALUE;
    }
    if (domain.equals("*")) {
      return 0;
    }
    if (host.length() < domain.length()) {
      return -1;
    }
    int fixed = domain.length() - 1;
    if (domain.startsWith("*") && host.endsWith(domain.substring(1))) {
      return LONGEST + fixed;
    }
    return domain.endsWith("*") && host.startsWith(domain.substring(0, fixed)) ? fixed : -1;
  }
}
