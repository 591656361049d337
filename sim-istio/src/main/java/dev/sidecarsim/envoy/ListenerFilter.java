package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;

/**
 * A filter that looks at a connection before a chain is chosen.
 *
 * @param name as Envoy names the type, or as the configuration names a filter that is not modelled
 * @param disabledOn destination ports on which it is left out ({@code filter_disabled})
 * @param mark of ORIGINAL_SRC: the mark of the upstream connection's packets
 */
public record ListenerFilter(
    Type type, String name, ImmutableRangeSet<Integer> disabledOn, int mark) {

  /** Takes the address called before translation as the local address. */
  public static final ListenerFilter ORIGINAL_DST = of(Type.ORIGINAL_DST);

  /** Looks for a ClientHello. */
  public static final ListenerFilter TLS_INSPECTOR = of(Type.TLS_INSPECTOR);

  /** Looks for an HTTP request line. */
  public static final ListenerFilter HTTP_INSPECTOR = of(Type.HTTP_INSPECTOR);

  /** A filter of a type that is known, left out on some ports. */
  public ListenerFilter(Type type, ImmutableRangeSet<Integer> disabledOn) {
    this(type, type.word(), disabledOn);
  }

  /** A filter that sets no mark. */
  public ListenerFilter(Type type, String name, ImmutableRangeSet<Integer> disabledOn) {
    this(type, name, disabledOn, 0);
  }

  /** Makes the upstream connection come from the caller's address. */
  public static ListenerFilter originalSource(int mark) {
    return new ListenerFilter(
        Type.ORIGINAL_SRC, Type.ORIGINAL_SRC.word(), ImmutableRangeSet.of(), mark);
  }

  /** The filters that Istio configures or its users add, and all others together. */
  public enum Type {
    PROXY_PROTOCOL("proxy_protocol"),
    /** With {@code allow_requests_without_proxy_protocol}. */
    OPTIONAL_PROXY_PROTOCOL("proxy_protocol"),
    ORIGINAL_DST("original_dst"),
    ORIGINAL_SRC("original_src"),
    TLS_INSPECTOR("tls_inspector"),
    HTTP_INSPECTOR("http_inspector"),
    UNMODELLED("not modelled");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** As Envoy names it. */
    public String word() {
      return word;
    }
  }

  private static ListenerFilter of(Type type) {
    return new ListenerFilter(type, ImmutableRangeSet.of());
  }

  /** This filter, left out on these ports. */
  public ListenerFilter except(Iterable<Integer> ports) {
    ImmutableRangeSet.Builder<Integer> ranges = ImmutableRangeSet.builder();
    ports.forEach(port -> ranges.add(Range.closedOpen(port, port + 1)));
    return new ListenerFilter(type, name, ranges.build(), mark);
  }

  boolean disabledOn(int port) {
    return disabledOn.contains(port);
  }
}
