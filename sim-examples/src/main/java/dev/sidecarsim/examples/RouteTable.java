package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.Origin;
import dev.sidecarsim.envoy.RbacCondition;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.envoy.RouteConfiguration.Route;
import dev.sidecarsim.envoy.RouteConfiguration.VirtualHost;
import dev.sidecarsim.render.TextTable;
import java.util.List;

/**
 * Routes as {@code istioctl proxy-config route} shows them
 * (istioctl/pkg/writer/envoy/configdump/route.go): a row for each but those to the
 * PassthroughCluster.
 */
final class RouteTable {

  private static final String PASSTHROUGH = "PassthroughCluster";

  /** A virtual host without routes answers so. */
  private static final String NOT_FOUND = "404";

  /** Of more domains only the number is shown. */
  private static final int SHOWN = 2;

  private static final ImmutableList<String> SUFFIXES =
      ImmutableList.of(".svc.cluster.local", ".svc");

  private final TextTable table;
  private final boolean virtualHosts;

  private RouteTable(boolean virtualHosts) {
    this.virtualHosts = virtualHosts;
    this.table =
        virtualHosts
            ? TextTable.spaced(5, "NAME", "VHOST NAME", "DOMAINS", "MATCH", "VIRTUAL SERVICE")
            : TextTable.spaced(5, "NAME", "DOMAINS", "MATCH", "VIRTUAL SERVICE");
  }

  static String of(List<RouteConfiguration> routes, boolean verbose, IstioctlPreset istioctl) {
    if (!verbose) {
      TextTable counts = TextTable.spaced(5, "NAME", "VIRTUAL HOSTS");
      routes.forEach(each -> counts.row(each.name(), "" + each.virtualHosts().size()));
      return counts.print();
    }
    RouteTable table = new RouteTable(istioctl.virtualHosts());
    routes.forEach(table::rows);
    return table.table.print();
  }

  private void rows(RouteConfiguration routes) {
    for (VirtualHost host : routes.virtualHosts()) {
      for (Route route : host.routes()) {
        if (!isPassthrough(route)) {
          row(routes, host, match(route.match()), route.origin().map(Origin::toString).orElse(""));
        }
      }
      if (host.routes().isEmpty()) {
        row(routes, host, match(RbacCondition.ANY), NOT_FOUND);
      }
    }
  }

  private void row(RouteConfiguration routes, VirtualHost host, String match, String rule) {
    String domains = domains(host.domains());
    if (virtualHosts) {
      table.row(routes.name(), host.name(), domains, match, rule);
    } else {
      table.row(routes.name(), domains, match, rule);
    }
  }

  private static boolean isPassthrough(Route route) {
    return route.action().clusters().size() == 1
        && route.action().clusters().get(0).name().equals(PASSTHROUGH);
  }

  /** The first ones without a port that are no longer form of another. */
  private static String domains(ImmutableList<String> all) {
    if (all.size() == 1) {
      return all.get(0);
    }
    List<String> hosts = all.stream().filter(RouteTable::isWithoutPort).toList();
    ImmutableSet<String> known = ImmutableSet.copyOf(hosts);
    List<String> shortest = hosts.stream().filter(host -> !isLonger(host, known)).toList();
    int more = shortest.size() - SHOWN;
    return String.join(", ", shortest.subList(0, Math.min(SHOWN, shortest.size())))
        + (more > 0 ? " + " + more + " more..." : "");
  }

  private static boolean isWithoutPort(String domain) {
    return !domain.contains(":") || domain.endsWith("]");
  }

  private static boolean isLonger(String host, ImmutableSet<String> known) {
    return SUFFIXES.stream()
        .filter(host::endsWith)
        .anyMatch(suffix -> known.contains(host.substring(0, host.length() - suffix.length())));
  }

  /** The path alone; istioctl passes over headers. */
  static String match(RbacCondition condition) {
    if (condition instanceof RbacCondition.AllOf all) {
      return all.all().stream()
          .map(RouteTable::match)
          .filter(path -> !path.equals("/*"))
          .findFirst()
          .orElse("/*");
    }
    if (condition instanceof RbacCondition.Path path) {
      String value = path.path().value();
      return switch (path.path().kind()) {
        case PREFIX -> value + "*";
        case REGEX -> "regex regex:\"" + value + "\"";
        default -> value;
      };
    }
    return "/*";
  }
}
