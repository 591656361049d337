package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.RouteConfiguration.RouteAction;
import dev.sidecarsim.json.JsonObject;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a route tells HTTP filters for its own requests ({@code typed_per_filter_config}): a fault
 * is injected so, and whatever else is told may decide, too.
 */
final class RouteFilters {

  private static final ImmutableMap<String, Long> DENOMINATORS =
      ImmutableMap.of("HUNDRED", 100L, "TEN_THOUSAND", 10_000L, "MILLION", 1_000_000L);

  private RouteFilters() {}

  /**
   * What becomes of requests instead of a route's own action; empty if that holds.
   *
   * @param route a route, or a virtual host, which tells the same of all of its routes
   */
  static Optional<RouteAction> override(ProtoMessage route) {
    return Stream.of("typed_per_filter_config", "per_filter_config")
        .flatMap(field -> route.message(field).stream())
        .flatMap(RouteFilters::extensions)
        .flatMap(filter -> override(filter).stream())
        .findFirst();
  }

  /** The keys are names of filters. */
  private static Stream<Extension> extensions(ProtoMessage written) {
    JsonObject filters = written.source();
    return filters.members().keySet().stream()
        .flatMap(
            name ->
                filters.object(name).map(ProtoMessage::of).stream()
                    .map(settings -> Extension.any(name, settings)));
  }

  private static Optional<RouteAction> override(Extension filter) {
    if (filter.is("HTTPFault", "fault")) {
      return fault(filter.settings());
    }
    boolean passes = filter.is("CorsPolicy", "cors") || filter.is("ServiceConfig", "mixer");
    return passes
        ? Optional.empty()
        : Optional.of(RouteAction.unmodelled("a route's HTTP filter " + filter.describe()));
  }

  /** A fault that not all requests get, or that delays them, leaves open what becomes of one. */
  private static Optional<RouteAction> fault(ProtoMessage fault) {
    ProtoMessage abort = fault.messageOrEmpty("abort");
    if (isNever(abort) && isNever(fault.messageOrEmpty("delay"))) {
      return Optional.empty();
    }
    return Optional.of(
        isAlways(abort) && isNever(fault.messageOrEmpty("delay")) && abort.has("http_status")
            ? RouteAction.status(abort.number("http_status").orElse(0L).intValue())
            : RouteAction.unmodelled("a route's fault"));
  }

  private static boolean isNever(ProtoMessage fault) {
    return fault.messageOrEmpty("percentage").number("numerator").orElse(0L) == 0;
  }

  private static boolean isAlways(ProtoMessage fault) {
    ProtoMessage percentage = fault.messageOrEmpty("percentage");
    long all = DENOMINATORS.getOrDefault(percentage.text("denominator"), 100L);
    return percentage.number("numerator").orElse(0L) >= all;
  }
}
