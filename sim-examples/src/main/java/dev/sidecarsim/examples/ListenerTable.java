package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.render.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Listeners as {@code istioctl proxy-config listener} shows them
 * (istioctl/pkg/writer/envoy/configdump/listener.go): a row for each chain, which tells less than
 * the chain demands.
 */
final class ListenerTable {

  private static final String BLACK_HOLE = "BlackHoleCluster";
  private static final ImmutableList<String> EVERY_HOST = ImmutableList.of("*");

  /** ALPN lists that have a name of their own. */
  private static final ImmutableMap<ImmutableList<String>, String> KNOWN =
      ImmutableMap.of(
          ImmutableList.of(
              "http/1.0", "http/1.1", "h2c", "istio-http/1.0", "istio-http/1.1", "istio-h2"),
          "HTTP TLS",
          ImmutableList.of("istio", "istio-http/1.0", "istio-http/1.1", "istio-h2"),
          "Istio HTTP Plain",
          ImmutableList.of("istio-peer-exchange", "istio"),
          "TCP TLS",
          ImmutableList.of("http/1.0", "http/1.1", "h2c"),
          "HTTP");

  private static final Comparator<Listener> ORDER =
      Comparator.comparingInt((Listener listener) -> listener.address().port())
          .thenComparing(listener -> listener.address().address().toString())
          .thenComparing(ListenerTable::type);

  private ListenerTable() {}

  /** A chain's row. */
  private record Row(String match, String destination) {}

  static String of(List<Listener> listeners, boolean verbose, IstioctlPreset istioctl) {
    TextTable table =
        verbose
            ? TextTable.spaced(1, istioctl.addressColumn(), "PORT", "MATCH", "DESTINATION")
            : TextTable.spaced(1, istioctl.addressColumn(), "PORT", "TYPE");
    for (Listener listener : listeners.stream().sorted(ORDER).toList()) {
      String address = listener.address().address().toString();
      String port = Integer.toString(listener.address().port());
      if (verbose) {
        rows(listener).forEach(row -> table.row(address, port, row.match(), row.destination()));
      } else {
        table.row(address, port, type(listener));
      }
    }
    return table.print();
  }

  private static List<FilterChain> chains(Listener listener) {
    List<FilterChain> chains = new ArrayList<>(listener.filterChains());
    listener.defaultFilterChain().ifPresent(chains::add);
    return chains;
  }

  private static List<Row> rows(Listener listener) {
    return chains(listener).stream()
        .map(chain -> new Row(match(chain.match()), destination(chain.filter())))
        .sorted(Comparator.comparing(Row::destination).reversed())
        .toList();
  }

  /** HTTP, TCP, HTTP+TCP or UNKNOWN; chains to the black hole do not count. */
  static String type(Listener listener) {
    boolean http =
        chains(listener).stream()
            .anyMatch(
                chain ->
                    chain.filter() instanceof NetworkFilter.HttpConnectionManager
                        || chain.filter() instanceof NetworkFilter.TunnelEnd);
    boolean tcp =
        chains(listener).stream()
            .anyMatch(
                chain ->
                    chain.filter() instanceof NetworkFilter.TcpProxy proxy
                        && !cluster(proxy).equals(BLACK_HOLE));
    if (http) {
      return tcp ? "HTTP+TCP" : "HTTP";
    }
    return tcp ? "TCP" : "UNKNOWN";
  }

  private static String match(FilterChainMatch match) {
    List<String> parts = new ArrayList<>();
    if (!match.serverNames().isEmpty()) {
      parts.add("SNI: " + String.join(",", match.serverNames()));
    }
    if (!match.transportProtocol().isEmpty()) {
      parts.add("Trans: " + match.transportProtocol());
    }
    if (!match.applicationProtocols().isEmpty()) {
      String listed = String.join(",", match.applicationProtocols());
      parts.add("App: " + KNOWN.getOrDefault(match.applicationProtocols(), listed));
    }
    String port =
        match.destinationPort().isPresent() ? ":" + match.destinationPort().getAsInt() : "";
    String blocks = String.join(",", match.prefixRanges().stream().map(Object::toString).toList());
    if (!blocks.isEmpty() || !port.isEmpty()) {
      parts.add("Addr: " + (blocks.isEmpty() ? "*" : blocks) + port);
    }
    return parts.isEmpty() ? "ALL" : String.join("; ", parts);
  }

  private static String destination(NetworkFilter filter) {
    if (filter instanceof NetworkFilter.HttpConnectionManager manager) {
      return manager.inline().map(ListenerTable::inline).orElse("Route: " + manager.routeName());
    }
    if (filter instanceof NetworkFilter.TcpProxy proxy && !cluster(proxy).equals(BLACK_HOLE)) {
      return named(cluster(proxy));
    }
    return filter instanceof NetworkFilter.TunnelEnd ? "Inline Route: " : "Non-HTTP/Non-TCP";
  }

  private static String cluster(NetworkFilter.TcpProxy proxy) {
    return proxy.clusters().get(0).name();
  }

  /** Routes that lead everything to one cluster are told as that cluster. */
  private static String inline(RouteConfiguration routes) {
    return routes.virtualHosts().stream()
        .filter(host -> host.domains().equals(EVERY_HOST) && host.routes().size() == 1)
        .map(host -> host.routes().get(0))
        .filter(
            route ->
                routes.virtualHosts().size() == 1 && RouteTable.match(route.match()).equals("/*"))
        .filter(route -> route.action().clusters().size() == 1)
        .map(route -> named(route.action().clusters().get(0).name()))
        .findFirst()
        .orElseGet(() -> "Inline Route: " + hosts(routes));
  }

  private static String hosts(RouteConfiguration routes) {
    return routes.virtualHosts().stream()
        .map(ListenerTable::host)
        .collect(Collectors.joining("; "));
  }

  private static String host(RouteConfiguration.VirtualHost host) {
    String domains =
        host.domains().equals(EVERY_HOST) ? "" : String.join("/", host.domains()) + " ";
    return domains
        + host.routes().stream()
            .map(route -> RouteTable.match(route.match()))
            .collect(Collectors.joining(", "));
  }

  private static String named(String cluster) {
    return cluster.contains("Cluster") ? cluster : "Cluster: " + cluster;
  }
}
