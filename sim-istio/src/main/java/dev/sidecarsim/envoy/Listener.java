package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.net.Endpoint;
import java.util.List;
import java.util.Optional;

/**
 * Addresses and the chains behind them.
 *
 * @param addresses the main one first; none for a listener inside of Envoy or on a Unix domain
 *     socket, which no packet reaches
 * @param bindToPort whether it has a socket; else it is reached by hand-off only
 * @param useOriginalDst whether connections are handed to the listener of the address called
 * @param transparent whether the socket is IP_TRANSPARENT (TPROXY)
 * @param filtersTimeoutNanos how long the listener filters may wait for bytes; 0: for ever
 * @param continueOnTimeout whether a connection goes on after that; else it is closed
 * @param matcher {@code filter_chain_matcher}, which names the chain; empty: the chains' own
 *     matches count
 */
public record Listener(
    String name,
    ImmutableList<Endpoint> addresses,
    boolean bindToPort,
    boolean useOriginalDst,
    boolean transparent,
    ImmutableList<ListenerFilter> listenerFilters,
    long filtersTimeoutNanos,
    boolean continueOnTimeout,
    ImmutableList<FilterChain> filterChains,
    Optional<FilterChain> defaultFilterChain,
    Optional<ChainTree> matcher) {

  public Listener {
    if (filterChains.isEmpty() && defaultFilterChain.isEmpty()) {
      throw new IllegalArgumentException(
          "listener " + name + " has no filter chain; give it at least one");
    }
  }

  /** By name alone: a listener is looked up for each connection, and has hundreds of parts. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /**
   * The main address.
   *
   * @throws IllegalStateException if the listener has none
   */
  public Endpoint address() {
    if (addresses.isEmpty()) {
      throw new IllegalStateException(
          "listener " + name + " has no IP address; ask for addresses()");
    }
    return addresses.get(0);
  }

  public static Builder builder(String name, Endpoint address) {
    return builder(name, ImmutableList.of(address));
  }

  public static Builder builder(String name, List<Endpoint> addresses) {
    return new Builder(name, ImmutableList.copyOf(addresses));
  }

  /** Collects a listener; by default it has a socket, no filters and no chain. */
  public static final class Builder {
    private final String name;
    private final ImmutableList<Endpoint> addresses;
    private final ImmutableList.Builder<ListenerFilter> filters = ImmutableList.builder();
    private final ImmutableList.Builder<FilterChain> chains = ImmutableList.builder();
    private boolean bindToPort = true;
    private boolean useOriginalDst;
    private boolean transparent;
    private long timeoutNanos;
    private boolean continueOnTimeout = true;
    private Optional<FilterChain> defaultChain = Optional.empty();
    private Optional<ChainTree> matcher = Optional.empty();

    private Builder(String name, ImmutableList<Endpoint> addresses) {
      this.name = name;
      this.addresses = addresses;
    }

    @CanIgnoreReturnValue
    public Builder bindToPort(boolean value) {
      bindToPort = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder useOriginalDst(boolean value) {
      useOriginalDst = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder transparent(boolean value) {
      transparent = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder filter(ListenerFilter filter) {
      filters.add(filter);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder filters(Iterable<ListenerFilter> more) {
      filters.addAll(more);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder filtersTimeout(long nanos, boolean goOn) {
      timeoutNanos = nanos;
      continueOnTimeout = goOn;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder chain(FilterChain chain) {
      chains.add(chain);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder chains(Iterable<FilterChain> more) {
      chains.addAll(more);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder defaultChain(FilterChain chain) {
      defaultChain = Optional.of(chain);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder matcher(ChainTree tree) {
      matcher = Optional.of(tree);
      return this;
    }

    public Listener build() {
      return new Listener(
          name,
          addresses,
          bindToPort,
          useOriginalDst,
          transparent,
          filters.build(),
          timeoutNanos,
          continueOnTimeout,
          chains.build(),
          defaultChain,
          matcher);
    }
  }
}
