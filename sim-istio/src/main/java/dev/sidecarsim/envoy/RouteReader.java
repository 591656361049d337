package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.RouteConfiguration.RouteAction;
import dev.sidecarsim.envoy.RouteConfiguration.VirtualHost;
import java.util.List;
import java.util.Optional;

/** Reads route configurations of the APIs v2 and v3, as far as the host decides. */
final class RouteReader {

  private static final int MOVED = 301;

  /** What a route may demand beside a path. */
  private static final ImmutableSet<String> CONDITIONS =
      ImmutableSet.of(
          "headers", "query_parameters", "runtime_fraction", "grpc", "tls_context", "cookies");

  private RouteReader() {}

  static RouteConfiguration read(ProtoMessage written) {
    return new RouteConfiguration(
        written.text("name"),
        written.messages("virtual_hosts").stream()
            .map(RouteReader::virtualHost)
            .collect(ImmutableList.toImmutableList()));
  }

  private static VirtualHost virtualHost(ProtoMessage written) {
    String name = written.text("name");
    return new VirtualHost(
        name, written.texts("domains"), action(name, written.messages("routes")));
  }

  private static RouteAction action(String host, List<ProtoMessage> routes) {
    if (routes.isEmpty()) {
      return RouteAction.status(404);
    }
    ProtoMessage first = routes.get(0);
    return takesAll(first.messageOrEmpty("match"))
        ? action(first).orElseGet(() -> unmodelled(host, "the action of its route"))
        : unmodelled(host, "routes by more than the host");
  }

  private static RouteAction unmodelled(String host, String what) {
    return RouteAction.unmodelled("virtual host " + host + ": " + what);
  }

  private static boolean takesAll(ProtoMessage match) {
    return match.text("prefix").equals("/") && CONDITIONS.stream().noneMatch(match::has);
  }

  private static Optional<RouteAction> action(ProtoMessage route) {
    if (route.has("direct_response")) {
      long status = route.messageOrEmpty("direct_response").number("status").orElse(200L);
      return Optional.of(RouteAction.status((int) status));
    }
    if (route.has("redirect")) {
      return Optional.of(RouteAction.status(MOVED));
    }
    String cluster = route.messageOrEmpty("route").text("cluster");
    return cluster.isEmpty() ? Optional.empty() : Optional.of(RouteAction.to(cluster));
  }
}
