package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Which cluster an HTTP request goes to: by Host, then by the first route of that host. */
public record RouteConfiguration(String name, ImmutableList<VirtualHost> virtualHosts) {

  /** One virtual host for everything, leading to one cluster. */
  public static RouteConfiguration allTo(String name, String cluster) {
    return new RouteConfiguration(
        name,
        ImmutableList.of(new VirtualHost(name, ImmutableList.of("*"), RouteAction.to(cluster))));
  }

  /**
   * Some hosts and what becomes of their requests.
   *
   * @param domains exact names, {@code *.suffix}, or {@code *}
   */
  public record VirtualHost(String name, ImmutableList<String> domains, RouteAction action) {}

  /**
   * A cluster, or a status that Envoy answers by itself.
   *
   * @param directStatus the HTTP status; empty if a cluster is named
   * @param unmodelled what decides and is not modelled; empty if the action is known
   */
  public record RouteAction(String cluster, OptionalInt directStatus, String unmodelled) {
    public static RouteAction to(String cluster) {
      return new RouteAction(cluster, OptionalInt.empty(), "");
    }

    public static RouteAction status(int status) {
      return new RouteAction("", OptionalInt.of(status), "");
    }

    /** An action that depends on more than the host. */
    public static RouteAction unmodelled(String what) {
      return new RouteAction("", OptionalInt.empty(), what);
    }
  }

  /** The virtual host of a Host header: exact, else the longest suffix, else {@code *}. */
  public Optional<VirtualHost> virtualHost(String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
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
    boolean suffix = domain.startsWith("*") && host.length() >= domain.length();
    return suffix && host.endsWith(domain.substring(1)) ? domain.length() : -1;
  }
}
