package dev.sidecarsim.host;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a host and the rules that choose among its tables.
 *
 * <p>A rule with a mark stands after table local and before table main, the newest first, as {@code
 * ip rule add} without a preference puts it. Within a table the longest prefix holds.
 */
public final class RoutingTable {

  /** Numbers of {@code /etc/iproute2/rt_tables}. */
  static final int LOCAL = 255;

  static final int MAIN = 254;
  static final int DEFAULT = 253;

  private record Rule(int mark, int mask, RouteTable table) {}

  private final List<Route> routes = new ArrayList<>();
  private final Map<Integer, RouteTable> tables = new LinkedHashMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private boolean customLocal;

  RoutingTable() {
    rules.add(new Rule(0, 0, table(LOCAL)));
    rules.add(new Rule(0, 0, table(MAIN)));
    rules.add(new Rule(0, 0, table(DEFAULT)));
  }

  /**
   * Adds a route in the syntax of {@code ip route add}, such as {@code default via 10.0.0.1 dev
   * eth0} or {@code local 0.0.0.0/0 dev lo table 133}.
   *
   * @throws IllegalArgumentException if the text is no route
   */
  public void add(String route) {
    Route parsed = RouteSyntax.route(route);
    add(parsed);
    customLocal |= parsed.type() == Route.Type.LOCAL;
  }

  void add(Route route) {
    routes.add(route);
    table(route.table()).add(route);
  }

  private RouteTable table(int number) {
    return tables.computeIfAbsent(number, key -> new RouteTable());
  }

  /**
   * Adds a rule in the syntax of {@code ip rule add}: {@code fwmark 0x539 lookup 133}.
   *
   * @throws IllegalArgumentException if the text is no such rule
   */
  public void addRule(String rule) {
    RouteSyntax.MarkRule parsed = RouteSyntax.rule(rule);
    rules.add(1, new Rule(parsed.mark(), parsed.mask(), table(parsed.table())));
  }

  /** All routes, of all tables. */
  public ImmutableList<Route> routes() {
    return ImmutableList.copyOf(routes);
  }

  /**
   * Whether a {@code local} route was added by hand, which makes the kernel check sources fully.
   */
  boolean hasCustomLocal() {
    return customLocal;
  }

  /** The route of a packet with this mark, or null. */
  @Nullable Route lookup(IpAddress destination, int mark) {
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if ((mark & rule.mask()) == rule.mark()) {
        Route found = rule.table().longest(destination);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** The same among the routes of one interface. */
  @Nullable Route lookup(IpAddress destination, int mark, String device) {
    for (Rule rule : rules) {
      RouteTable own = new RouteTable();
      routes.stream()
          .filter(route -> route.device().equals(device) && tables.get(route.table()) == rule.table)
          .forEach(own::add);
      Route found = (mark & rule.mask()) == rule.mark() ? own.longest(destination) : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The route of an address in table local, or null. */
  @Nullable Route local(IpAddress destination) {
    return rules.get(0).table().longest(destination);
  }
}
