package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import java.util.Optional;

/**
 * Reads {@code filter_disabled}, a tree of conditions on the destination port, as the set of ports
 * for which it holds.
 */
final class PortPredicate {

  private static final Range<Integer> ALL = Range.closedOpen(0, 0x1_0000);

  private PortPredicate() {}

  /** The ports on which a listener filter is left out; empty if a condition is not modelled. */
  static Optional<ImmutableRangeSet<Integer>> of(ProtoMessage written) {
    return ports(written).map(ImmutableRangeSet::copyOf);
  }

  private static Optional<RangeSet<Integer>> ports(ProtoMessage predicate) {
    if (predicate.has("destination_port_range")) {
      return Optional.of(range(predicate.messageOrEmpty("destination_port_range")));
    }
    if (predicate.has("not_match")) {
      return ports(predicate.messageOrEmpty("not_match")).map(PortPredicate::others);
    }
    if (predicate.has("any_match")) {
      return Optional.of(predicate.flag("any_match").orElse(false) ? all() : none());
    }
    if (predicate.has("or_match")) {
      return combined(predicate.messageOrEmpty("or_match"), false);
    }
    if (predicate.has("and_match")) {
      return combined(predicate.messageOrEmpty("and_match"), true);
    }
    return Optional.empty();
  }

  private static RangeSet<Integer> all() {
    return TreeRangeSet.create(ImmutableRangeSet.of(ALL));
  }

  private static RangeSet<Integer> none() {
    return TreeRangeSet.create();
  }

  /** {@code start} belongs to the range, {@code end} does not. */
  private static RangeSet<Integer> range(ProtoMessage written) {
    long start = written.number("start").orElse(0L);
    long end = written.number("end").orElse(0L);
    RangeSet<Integer> ports = none();
    if (start < end) {
      ports.add(Range.closedOpen((int) Math.max(0, start), (int) Math.min(0x1_0000, end)));
    }
    return ports;
  }

  private static RangeSet<Integer> others(RangeSet<Integer> ports) {
    return ports.complement().subRangeSet(ALL);
  }

  private static Optional<RangeSet<Integer>> combined(ProtoMessage set, boolean every) {
    RangeSet<Integer> result = every ? all() : none();
    for (ProtoMessage rule : set.messages("rules")) {
      Optional<RangeSet<Integer>> ports = ports(rule);
      if (ports.isEmpty()) {
        return Optional.empty();
      }
      if (every) {
        result.removeAll(others(ports.get()));
      } else {
        result.addAll(ports.get());
      }
    }
    return Optional.of(result);
  }
}
