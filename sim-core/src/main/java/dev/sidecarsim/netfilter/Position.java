package dev.sidecarsim.netfilter;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a walk stands: its chain, the next rule there, and where the jumps so far come back to. */
final class Position {

  private LoadedChain chain;
  private int place;
  private int depth;
  private LoadedChain[] chains = new LoadedChain[16];
  private int[] places = new int[16];

  Position(LoadedChain base) {
    chain = base;
  }

  /** Goes to the beginning of a built-in chain. */
  void start(LoadedChain base) {
    chain = base;
    place = 0;
    depth = 0;
  }

  /** Goes where another one stands. */
  void set(Position other) {
    chain = other.chain;
    place = other.place;
    depth = other.depth;
    if (depth > chains.length) {
      chains = new LoadedChain[other.chains.length];
      places = new int[other.chains.length];
    }
    System.arraycopy(other.chains, 0, chains, 0, depth);
    System.arraycopy(other.places, 0, places, 0, depth);
  }

  Position copy() {
    Position copy = new Position(chain);
    copy.set(this);
    return copy;
  }

  /** The next rule; null where the end of the built-in chain is reached. */
  @Nullable LoadedRule next() {
    while (place == chain.rules.length) {
      if (depth == 0) {
        return null;
      }
      chain = chains[--depth];
      place = places[depth];
    }
    return chain.rules[place++];
  }

  /** Stands before the rule that {@link #next} gave. */
  void back() {
    place--;
  }

  /** Goes on as a rule of this chain wants it, which neither ended the walk nor is unknown. */
  void follow(LoadedRule rule, Target.Action action) {
    if (action == Target.Action.RETURN) {
      place = chain.rules.length;
    } else if (action == Target.Action.JUMP) {
      enter(rule);
    }
  }

  private void enter(LoadedRule rule) {
    LoadedChain next = rule.jump;
    if (next == null) {
      return;
    }
    if (!rule.goTo) {
      push();
    }
    chain = next;
    place = 0;
  }

  private void push() {
    if (depth == chains.length) {
      chains = Arrays.copyOf(chains, depth * 2);
      places = Arrays.copyOf(places, depth * 2);
    }
    chains[depth] = chain;
    places[depth++] = place;
  }
}
