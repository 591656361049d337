package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

/** Reads the HTTP filters of a connection manager as far as they decide who is reached. */
final class HttpFilters {

  /** Ends of the types of filters that let every request pass: telemetry, headers, encodings. */
  private static final ImmutableList<String> PASSING =
      ImmutableList.of(
          "alpn.v2alpha1.FilterConfig",
          "cors.v2.Cors",
          "cors.v3.Cors",
          "grpc_stats.v2alpha.FilterConfig",
          "grpc_stats.v3.FilterConfig",
          "grpc_web.v3.GrpcWeb",
          "router.v2.Router",
          "router.v3.Router",
          "stats.PluginConfig",
          "io.istio.http.connect_authority.Config",
          "io.istio.http.connect_baggage.Config",
          "io.istio.http.peer_metadata.Config");

  /** The same by name, for filters without settings. */
  private static final ImmutableSet<String> PASSING_NAMES =
      ImmutableSet.of(
          "envoy.cors",
          "envoy.filters.http.cors",
          "envoy.router",
          "envoy.filters.http.router",
          "envoy.fault",
          "envoy.filters.http.fault",
          "envoy.grpc_web",
          "istio_authn");

  private final ImmutableList<Extension> filters;

  HttpFilters(ImmutableList<ProtoMessage> written) {
    filters = written.stream().map(Extension::of).collect(ImmutableList.toImmutableList());
  }

  /** Filters that may turn a request away, or lead it elsewhere, and are not modelled. */
  ImmutableList<String> unmodelled() {
    return filters.stream()
        .filter(filter -> !passes(filter))
        .map(Extension::describe)
        .collect(ImmutableList.toImmutableList());
  }

  /** The RBAC filters among them that are modelled. */
  ImmutableList<Rbac> access() {
    return filters.stream()
        .filter(HttpFilters::isRbac)
        .map(Extension::settings)
        .filter(RbacReader::enforces)
        .flatMap(settings -> RbacReader.read(settings).stream())
        .collect(ImmutableList.toImmutableList());
  }

  private static boolean isRbac(Extension filter) {
    return filter.is("RBAC", "rbac");
  }

  private static boolean passes(Extension filter) {
    ProtoMessage settings = filter.settings();
    if (isRbac(filter)) {
      return !RbacReader.enforces(settings) || RbacReader.read(settings).isPresent();
    }
    if (filter.is("HTTPFault", "fault")) {
      return !settings.has("abort") && !settings.has("delay");
    }
    if (filter.is("Wasm", "wasm")) {
      return WasmPlugins.passesEverything(filter);
    }
    if (filter.type().endsWith("authn.v2alpha1.FilterConfig")) {
      return demandsNothing(settings.messageOrEmpty("policy"));
    }
    if (filter.is("HttpClientConfig", "mixer")) {
      return checksAreOff(settings);
    }
    return filter.type().isEmpty()
        ? PASSING_NAMES.contains(filter.name())
        : PASSING.stream().anyMatch(filter.type()::endsWith);
  }

  /** An authentication policy of Istio 1.4 and before that takes plaintext and no tokens. */
  private static boolean demandsNothing(ProtoMessage policy) {
    return policy.messages("origins").isEmpty()
        && policy.messages("peers").stream()
            .allMatch(peer -> peer.messageOrEmpty("mtls").text("mode").equals("PERMISSIVE"));
  }

  private static boolean checksAreOff(ProtoMessage mixer) {
    ProtoMessage services = mixer.messageOrEmpty("service_configs");
    String standard = mixer.text("default_destination_service");
    return services.source().object(standard).map(ProtoMessage::of).stream()
        .anyMatch(service -> service.flag("disable_check_calls").orElse(false));
  }

  /** What Istio's alpn filter makes upstream TLS offer for HTTP/1.1; empty without that filter. */
  ImmutableList<String> upstreamAlpn() {
    for (Extension filter : filters) {
      if (filter.type().endsWith("alpn.v2alpha1.FilterConfig")) {
        for (ProtoMessage override : filter.settings().messages("alpn_override")) {
          if (override.text("upstream_protocol").equals("HTTP11")) {
            return override.texts("alpn_override");
          }
        }
      }
    }
    return ImmutableList.of();
  }
}
