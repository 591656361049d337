package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.Origin;
import dev.sidecarsim.envoy.RbacCondition;
import dev.sidecarsim.envoy.RetryPolicy;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The HTTP routes that VirtualServices make (pilot/pkg/networking/core/route/route.go). */
final class HttpRules {

  /** The route configuration that also holds hosts that are no services. */
  static final String WEB = "80";

  private static final int WEB_PORT = 80;
  private static final int MOVED = 301;

  private final Routing routing;
  private final ProxyNode client;
  private final ImmutableSet<String> known;
  private final RetryPolicy standard;

  /**
   * @param known the hosts of all services
   * @param standard what a route's own policy of retries is laid over
   */
  HttpRules(Routing routing, ProxyNode client, ImmutableSet<String> known, RetryPolicy standard) {
    this.routing = routing;
    this.client = client;
    this.known = known;
    this.standard = standard;
  }

  /** The routes of a service: its oldest VirtualService's for HTTP, else one to its cluster. */
  ImmutableList<RouteConfiguration.Route> routes(MeshService service, MeshService.Port port) {
    Optional<VirtualService> rules =
        routing.of(service.host()).stream().filter(each -> !each.http().isEmpty()).findFirst();
    return rules
        .map(found -> routes(found, port.number()))
        .orElseGet(
            () ->
                ImmutableList.of(
                    new RouteConfiguration.Route(
                        RbacCondition.ANY,
                        RouteConfiguration.RouteAction.to(service.clusterName(port)))));
  }

  /** Hosts of VirtualServices that are no services: known on port 80. */
  ImmutableList<RouteConfiguration.VirtualHost> unknownHosts() {
    ImmutableList.Builder<RouteConfiguration.VirtualHost> all = ImmutableList.builder();
    for (VirtualService rules : routing.all()) {
      for (String host : rules.hosts()) {
        boolean service = known.stream().anyMatch(each -> routing.covers(rules, host, each));
        if (!rules.http().isEmpty() && !service && !host.equals("*")) {
          all.add(
              new RouteConfiguration.VirtualHost(
                  host + ":" + WEB_PORT,
                  ImmutableList.of(host, host + ":" + WEB_PORT),
                  routes(rules, WEB_PORT)));
        }
      }
    }
    return all.build();
  }

  /** The routes of a VirtualService's HTTP rules on a port. */
  ImmutableList<RouteConfiguration.Route> routes(VirtualService rules, int port) {
    List<RouteConfiguration.Route> routes = new ArrayList<>();
    for (JsonObject http : rules.http()) {
      for (RbacCondition match : matches(rules, http, port)) {
        routes.addAll(routes(rules, http, match, port));
      }
    }
    return ImmutableList.copyOf(routes);
  }

  private List<RouteConfiguration.Route> routes(
      VirtualService rules, JsonObject http, RbacCondition match, int port) {
    Optional<JsonObject> delegate = http.object("delegate");
    if (delegate.isEmpty()) {
      Optional<Origin> origin = Optional.of(rules.origin());
      return List.of(new RouteConfiguration.Route(match, action(rules, http, port), origin));
    }
    String namespace = delegate.get().string("namespace", rules.meta().namespace());
    Optional<VirtualService> other =
        routing.named(namespace, delegate.get().requireString("name"), rules.meta().namespace());
    Optional<RouteConfiguration.RouteAction> abort = abort(http);
    return other.map(found -> routes(found, port)).orElse(ImmutableList.of()).stream()
        .map(
            route ->
                new RouteConfiguration.Route(
                    new RbacCondition.AllOf(ImmutableList.of(match, route.match())),
                    abort.orElse(route.action()),
                    Optional.of(rules.origin())))
        .toList();
  }

  /** What a rule's matches demand that can be met on this proxy and port. */
  private List<RbacCondition> matches(VirtualService rules, JsonObject http, int port) {
    ImmutableList<JsonObject> written = http.objects("match");
    return written.isEmpty()
        ? List.of(RbacCondition.ANY)
        : written.stream()
            .filter(match -> concerns(rules, match, port))
            .map(HttpMatch::of)
            .toList();
  }

  private boolean concerns(VirtualService rules, JsonObject match, int port) {
    int own = match.integer("port", 0, 1, 65535);
    String namespace = match.string("sourceNamespace", "");
    ImmutableList<GatewayName> gateways = VirtualService.gateways(match, rules.meta().namespace());
    return (gateways.isEmpty() || gateways.contains(routing.gateway()))
        && (own == 0 || own == port)
        && client.labels().entrySet().containsAll(match.stringMap("sourceLabels").entrySet())
        && (namespace.isEmpty() || namespace.equals(client.namespace()));
  }

  private RouteConfiguration.RouteAction action(VirtualService rules, JsonObject http, int port) {
    Optional<RouteConfiguration.RouteAction> abort = abort(http);
    if (abort.isPresent()) {
      return abort.get();
    }
    if (http.object("redirect").isPresent()) {
      return RouteConfiguration.RouteAction.status(
          http.objectOrEmpty("redirect").integer("redirectCode", MOVED, 300, 399));
    }
    if (http.object("directResponse").isPresent()) {
      return RouteConfiguration.RouteAction.status(
          http.objectOrEmpty("directResponse").integer("status", 200, 100, 599));
    }
    ImmutableList<NetworkFilter.WeightedCluster> clusters =
        VirtualService.destinations(http).stream()
            .map(
                to ->
                    new NetworkFilter.WeightedCluster(
                        routing.cluster(rules, to, port), to.weight()))
            .collect(ImmutableList.toImmutableList());
    return clusters.isEmpty()
        ? RouteConfiguration.RouteAction.to(InboundConfig.BLACK_HOLE)
        : RouteConfiguration.RouteAction.to(clusters, timeout(http), retries(http));
  }

  private static OptionalLong timeout(JsonObject http) {
    Optional<String> text = http.string("timeout");
    return text.isPresent()
        ? OptionalLong.of(Choices.duration(http, "timeout", text.get()))
        : OptionalLong.empty();
  }

  private Optional<RetryPolicy> retries(JsonObject http) {
    return http.object("retries").map(written -> Retries.of(written, standard));
  }

  /** A fault that is injected always, never, or by chance. */
  private static Optional<RouteConfiguration.RouteAction> abort(JsonObject http) {
    JsonObject abort = http.objectOrEmpty("fault").objectOrEmpty("abort");
    int status = abort.integer("httpStatus", 0, 200, 599);
    if (status == 0) {
      return Optional.empty();
    }
    double share =
        abort
            .objectOrEmpty("percentage")
            .get("value")
            .filter(JsonNumber.class::isInstance)
            .map(value -> ((JsonNumber) value).doubleValue())
            .orElse(100.0);
    if (share >= 100) {
      return Optional.of(RouteConfiguration.RouteAction.status(status));
    }
    return share <= 0
        ? Optional.empty()
        : Optional.of(RouteConfiguration.RouteAction.unmodelled("a fault by chance"));
  }
}
