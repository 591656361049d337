package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;

/** Which filter chain takes a connection, or why none does. */
public sealed interface ChainChoice {

  /** A chain's match fits. */
  record Matched(int index, FilterChain chain) implements ChainChoice {}

  /** No match fits, and the listener has a chain for that. */
  record Default(FilterChain chain, Miss miss) implements ChainChoice {}

  /** No match fits: Envoy closes the connection. */
  record Missed(Miss miss) implements ChainChoice {}

  /**
   * Two branches are equally near, and Envoy takes either: one of chains without address blocks,
   * and one of chains with a block for every address.
   *
   * @param value what the connection has at that level
   */
  record Ambiguous(MatchLevel level, String value) implements ChainChoice {
    @Override
    public String toString() {
      return "chains without a block and chains of a block for everything both fit "
          + level.word()
          + " "
          + value
          + "; Envoy takes either";
    }
  }

  /** Something in the listener's own matcher decides that is not modelled. */
  record Open(String what) implements ChainChoice {
    @Override
    public String toString() {
      return what;
    }
  }

  /**
   * The level that ended the search. Chains that failed at an earlier level were out by then, and
   * there is no way back to them.
   *
   * @param criterion in words: a level of the search, or what a listener's own matcher looks at
   * @param value what the connection has
   * @param offered what the chains that were left demand
   */
  record Miss(String criterion, String value, ImmutableList<String> offered) {
    @Override
    public String toString() {
      return criterion
          + " "
          + (value.isEmpty() ? "(none)" : value)
          + (offered.isEmpty() ? ", and there is no chain" : " is none of ")
          + String.join(", ", offered);
    }
  }
}
