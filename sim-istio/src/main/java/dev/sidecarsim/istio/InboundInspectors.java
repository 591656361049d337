package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.Incoming;
import dev.sidecarsim.envoy.ListenerFilter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The inspectors of virtualInbound, each left out on ports none of whose chains looks at what it
 * finds ({@code populateListenerFilters()} of pilot/pkg/networking/core/listener_inbound.go).
 */
final class InboundInspectors {

  private InboundInspectors() {}

  static ImmutableList<ListenerFilter> of(List<FilterChain> chains) {
    ImmutableList.Builder<ListenerFilter> needed = ImmutableList.builder();
    if (chains.stream().anyMatch(InboundInspectors::needsTls)) {
      needed.add(inspector(ListenerFilter.TLS_INSPECTOR, chains, InboundInspectors::needsTls));
    }
    if (chains.stream().anyMatch(InboundInspectors::needsHttp)) {
      needed.add(inspector(ListenerFilter.HTTP_INSPECTOR, chains, InboundInspectors::needsHttp));
    }
    return needed.build();
  }

  private static boolean needsTls(FilterChain chain) {
    return chain.match().transportProtocol().equals(Incoming.TLS);
  }

  private static boolean needsHttp(FilterChain chain) {
    return chain.match().applicationProtocols().stream().anyMatch("http/1.1"::equals);
  }

  private static ListenerFilter inspector(
      ListenerFilter filter, List<FilterChain> chains, Predicate<FilterChain> needs) {
    Set<Integer> needing = new LinkedHashSet<>();
    Set<Integer> others = new LinkedHashSet<>();
    boolean elsewhere = false;
    for (FilterChain chain : chains) {
      OptionalInt port = chain.match().destinationPort();
      if (port.isEmpty()) {
        elsewhere |= needs.test(chain);
      } else if (needs.test(chain)) {
        needing.add(port.getAsInt());
      } else {
        others.add(port.getAsInt());
      }
    }
    others.removeAll(needing);
    return elsewhere ? filter.except(others) : new ListenerFilter(filter.type(), allBut(needing));
  }

  private static ImmutableRangeSet<Integer> allBut(Set<Integer> ports) {
    ImmutableRangeSet.Builder<Integer> points = ImmutableRangeSet.builder();
    ports.stream().sorted().forEach(port -> points.add(Range.closedOpen(port, port + 1)));
    return points.build().complement();
  }
}
