package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.net.Endpoint;
import java.util.Optional;

/**
 * An address and the chains behind it.
 *
 * @param bindToPort whether it has a socket; else it is reached by hand-off only
 * @param useOriginalDst whether connections are handed to the listener of the address called
 * @param transparent whether the socket is IP_TRANSPARENT (TPROXY)
 * @param filtersTimeoutNanos how long the listener filters may wait for bytes; 0: for ever
 * @param continueOnTimeout whether a connection goes on after that; else it is closed
 */
public record Listener(
    String name,
    Endpoint address,
    boolean bindToPort,
    boolean useOriginalDst,
    boolean transparent,
    ImmutableList<ListenerFilter> listenerFilters,
    long filtersTimeoutNanos,
    boolean continueOnTimeout,
    ImmutableList<FilterChain> filterChains,
    Optional<FilterChain> defaultFilterChain) {

  public Listener {
    if (filterChains.isEmpty() && defaultFilterChain.isEmpty()) {
      throw new IllegalArgumentException(
          "listener " + name + " has no filter chain; give it at least one");
    }
  }

  public static Builder builder(String name, Endpoint address) {
    return new Builder(name, address);
  }

  /** Collects a listener; by default it has a socket, no filters and no chain. */
  public static final class Builder {
    private final String name;
    private final Endpoint address;
    private final ImmutableList.Builder<ListenerFilter> filters = ImmutableList.builder();
    private final ImmutableList.Builder<FilterChain> chains = ImmutableList.builder();
    private boolean bindToPort = true;
    private boolean useOriginalDst;
    private boolean transparent;
    private long timeoutNanos;
    private boolean continueOnTimeout = true;
    private Optional<FilterChain> defaultChain = Optional.empty();

    private Builder(String name, Endpoint address) {
      this.name = name;
      this.address = address;
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

    public Listener build() {
      return new Listener(
          name,
          address,
          bindToPort,
          useOriginalDst,
          transparent,
          filters.build(),
          timeoutNanos,
          continueOnTimeout,
          chains.build(),
          defaultChain);
    }
  }
}
