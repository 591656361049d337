package dev.sidecarsim.envoy;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.RouteConfiguration.Route;
import dev.sidecarsim.envoy.RouteConfiguration.RouteAction;
import dev.sidecarsim.envoy.RouteConfiguration.VirtualHost;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads route configurations of the APIs v2 and v3. From a route on whose condition or action is
 * not modelled, it is not known what becomes of requests that no earlier route takes.
 */
final class RouteReader {

  private static final int MOVED = 301;

  private static final ImmutableMap<String, Integer> REDIRECTS =
      ImmutableMap.of(
          "FOUND", 302,
          "SEE_OTHER", 303,
          "TEMPORARY_REDIRECT", 307,
          "PERMANENT_REDIRECT", 308);

  /** Where {@code timeout} is absent (route_components.proto). */
  private static final long TIMEOUT = Durations.seconds(15);

  /** Conditions beside path and headers. */
  private static final ImmutableSet<String> OTHER_CONDITIONS =
      ImmutableSet.of(
          "query_parameters",
          "runtime_fraction",
          "grpc",
          "tls_context",
          "dynamic_metadata",
          "filter_state",
          "cookies");

  private static final Splitter WORDS = Splitter.on(',').trimResults().omitEmptyStrings();

  private RouteReader() {}

  static RouteConfiguration read(ProtoMessage written) {
    ImmutableList<ProtoMessage> hosts = written.messages("virtual_hosts");
    return new RouteConfiguration(
        written.text("name"),
        hosts.stream().map(RouteReader::virtualHost).collect(ImmutableList.toImmutableList()),
        RetryPolicy.NONE,
        written.flag("ignore_port_in_host_matching").orElse(false));
  }

  private static VirtualHost virtualHost(ProtoMessage written) {
    String name = written.text("name");
    if (isForTlsOnly(written)) {
      return new VirtualHost(
          name, written.texts("domains"), unmodelled(name, "require_tls, by which it redirects"));
    }
    Optional<RouteAction> ofAll = RouteFilters.override(written);
    ImmutableList.Builder<Route> routes = ImmutableList.builder();
    for (ProtoMessage route : written.messages("routes")) {
      Optional<RbacCondition> match = match(route.messageOrEmpty("match"));
      if (match.isEmpty()) {
        routes.add(new Route(RbacCondition.ANY, unmodelled(name, "a condition of its routes")));
        break;
      }
      Optional<RouteAction> own = RouteFilters.override(route).or(() -> ofAll);
      RouteAction action = own.orElseGet(() -> action(name, route));
      routes.add(new Route(match.get(), action, Origin.of(route)));
    }
    return new VirtualHost(name, written.texts("domains"), routes.build());
  }

  private static boolean isForTlsOnly(ProtoMessage host) {
    String which = host.text("require_tls");
    return !which.isEmpty() && !which.equals("NONE") && !which.equals("0");
  }

  private static RouteAction unmodelled(String host, String what) {
    return RouteAction.unmodelled("virtual host " + host + ": " + what);
  }

  private static Optional<RbacCondition> match(ProtoMessage match) {
    ImmutableList.Builder<RbacCondition> all = ImmutableList.builder();
    Optional<StringMatch> path = path(match);
    if (path.isEmpty() || OTHER_CONDITIONS.stream().anyMatch(match::has)) {
      return Optional.empty();
    }
    if (!path.get().equals(new StringMatch(StringMatch.Kind.PREFIX, "/", false))) {
      all.add(new RbacCondition.Path(path.get()));
    }
    for (ProtoMessage header : match.messages("headers")) {
      Optional<RbacCondition> condition = RbacTerms.header(header);
      if (condition.isEmpty()) {
        return Optional.empty();
      }
      all.add(condition.get());
    }
    return Optional.of(new RbacCondition.AllOf(all.build()));
  }

  private static Optional<StringMatch> path(ProtoMessage match) {
    boolean ignoreCase = !match.flag("case_sensitive").orElse(true);
    return RbacTerms.text(match, "prefix", StringMatch.Kind.PREFIX, ignoreCase)
        .or(() -> RbacTerms.text(match, "path", StringMatch.Kind.EXACT, ignoreCase))
        .or(
            () ->
                RbacTerms.text(
                    match.messageOrEmpty("safe_regex"), "regex", StringMatch.Kind.REGEX, false))
        .or(() -> RbacTerms.text(match, "regex", StringMatch.Kind.REGEX, false));
  }

  private static RouteAction action(String host, ProtoMessage route) {
    if (route.has("direct_response")) {
      long status = route.messageOrEmpty("direct_response").number("status").orElse(200L);
      return RouteAction.status((int) status);
    }
    if (route.has("redirect")) {
      String code = route.messageOrEmpty("redirect").text("response_code");
      return RouteAction.status(REDIRECTS.getOrDefault(code, MOVED));
    }
    ProtoMessage to = route.messageOrEmpty("route");
    ImmutableList<NetworkFilter.WeightedCluster> weighted =
        to.messageOrEmpty("weighted_clusters").messages("clusters").stream()
            .map(NetworkFilterReader::weighted)
            .collect(ImmutableList.toImmutableList());
    ImmutableList<NetworkFilter.WeightedCluster> clusters =
        to.text("cluster").isEmpty()
            ? weighted
            : ImmutableList.of(new NetworkFilter.WeightedCluster(to.text("cluster"), 1));
    return clusters.isEmpty()
        ? unmodelled(host, "the action of a route")
        : RouteAction.to(clusters, timeout(to), Optional.of(retries(to)));
  }

  /** 0 is for as long as it takes. */
  private static OptionalLong timeout(ProtoMessage to) {
    long nanos = to.duration("timeout").orElse(TIMEOUT);
    return nanos > 0 ? OptionalLong.of(nanos) : OptionalLong.empty();
  }

  private static RetryPolicy retries(ProtoMessage to) {
    return to.message("retry_policy").map(RouteReader::policy).orElse(RetryPolicy.NONE);
  }

  private static RetryPolicy policy(ProtoMessage policy) {
    Optional<Long> perTry = policy.duration("per_try_timeout");
    return new RetryPolicy(
        policy.number("num_retries").orElse(1L).intValue(),
        ImmutableList.copyOf(WORDS.split(policy.text("retry_on"))),
        policy.numbers("retriable_status_codes").stream()
            .map(Long::intValue)
            .collect(ImmutableSet.toImmutableSet()),
        perTry.isPresent() ? OptionalLong.of(perTry.get()) : OptionalLong.empty());
  }
}
