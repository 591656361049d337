package dev.sidecarsim.istio.proxyconfig;

import com.google.common.collect.DiscreteDomain;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.ListenerFilter;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Endpoint;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** A listener as {@code istioctl proxy-config listener -o json} prints it. */
final class ListenerJson {

  private static final String NAMES = "envoy.filters.listener.";
  private static final String TYPES = "envoy.extensions.filters.listener.";
  private static final String PROXY_PROTOCOL = TYPES + "proxy_protocol.v3.ProxyProtocol";
  private static final int NANO_DIGITS = 9;
  private static final Range<Integer> PORTS = Range.closedOpen(0, 0x1_0000);

  private ListenerJson() {}

  static JsonObject of(Listener listener) {
    JsonObject.Builder json = TypedJson.called(listener.name());
    addresses(json, listener.addresses());
    if (!listener.filterChains().isEmpty()) {
      json.put("filterChains", TypedJson.list(listener.filterChains(), FilterChainJson::of));
    }
    json.putIfPresent("defaultFilterChain", listener.defaultFilterChain().map(FilterChainJson::of));
    flag(json, "useOriginalDst", listener.useOriginalDst());
    flag(json, "transparent", listener.transparent());
    if (!listener.listenerFilters().isEmpty()) {
      json.put("listenerFilters", TypedJson.list(listener.listenerFilters(), ListenerJson::filter));
      json.put("listenerFiltersTimeout", seconds(listener.filtersTimeoutNanos()));
      flag(json, "continueOnListenerFiltersTimeout", listener.continueOnTimeout());
    }
    if (!listener.bindToPort()) {
      json.put("bindToPort", false);
    }
    ProxyConfig.Direction.of(listener).ifPresent(way -> json.put("trafficDirection", way.name()));
    return json.build();
  }

  private static void flag(JsonObject.Builder json, String key, boolean value) {
    if (value) {
      json.put(key, true);
    }
  }

  private static void addresses(JsonObject.Builder json, ImmutableList<Endpoint> addresses) {
    if (addresses.isEmpty()) {
      json.put("internalListener", JsonObject.EMPTY);
      return;
    }
    json.put("address", address(addresses.get(0)));
    if (addresses.size() > 1) {
      json.put(
          "additionalAddresses",
          TypedJson.list(
              addresses.subList(1, addresses.size()),
              more -> TypedJson.nest(address(more), "address")));
    }
  }

  private static JsonObject address(Endpoint endpoint) {
    return TypedJson.socketAddress(endpoint.address().toString(), endpoint.port());
  }

  /** A duration: with no, three, six or nine digits after the point, as protobuf prints it. */
  static String seconds(long nanos) {
    BigDecimal seconds = BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
    int digits = (Math.max(0, seconds.scale()) + 2) / 3 * 3;
    return seconds.setScale(digits, RoundingMode.UNNECESSARY).toPlainString() + "s";
  }

  // ---- listener filters

  private static JsonObject filter(ListenerFilter filter) {
    JsonObject.Builder json = Json.object().put("name", NAMES + filter.type().word());
    json.put("typedConfig", settings(filter).build());
    if (!filter.disabledOn().isEmpty()) {
      json.put("filterDisabled", disabled(filter.disabledOn()));
    }
    return json.build();
  }

  private static JsonObject.Builder settings(ListenerFilter filter) {
    return switch (filter.type()) {
      case PROXY_PROTOCOL -> TypedJson.any(PROXY_PROTOCOL);
      case OPTIONAL_PROXY_PROTOCOL ->
          TypedJson.any(PROXY_PROTOCOL).put("allowRequestsWithoutProxyProtocol", true);
      case ORIGINAL_DST -> TypedJson.any(TYPES + "original_dst.v3.OriginalDst");
      case ORIGINAL_SRC ->
          TypedJson.any(TYPES + "original_src.v3.OriginalSrc").put("mark", filter.mark());
      case TLS_INSPECTOR -> TypedJson.any(TYPES + "tls_inspector.v3.TlsInspector");
      case HTTP_INSPECTOR -> TypedJson.any(TYPES + "http_inspector.v3.HttpInspector");
      case UNMODELLED -> TypedJson.any(filter.name());
    };
  }

  private static JsonObject disabled(ImmutableRangeSet<Integer> ports) {
    ImmutableList<JsonObject> ranges =
        ports.subRangeSet(PORTS).asRanges().stream()
            .map(range -> range.canonical(DiscreteDomain.integers()))
            .map(ListenerJson::range)
            .collect(ImmutableList.toImmutableList());
    return ranges.size() == 1
        ? ranges.get(0)
        : TypedJson.nest(TypedJson.list(ranges, range -> range), "rules", "orMatch");
  }

  private static JsonObject range(Range<Integer> ports) {
    JsonObject.Builder range = Json.object().put("start", ports.lowerEndpoint());
    return TypedJson.nest(range.put("end", ports.upperEndpoint()).build(), "destinationPortRange");
  }
}
