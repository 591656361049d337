package dev.sidecarsim.netfilter;

import dev.sidecarsim.classify.BoxIndex;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a walk stands: its chain, the next rule there, and where the jumps so far come back to.
 *
 * <p>Chains stand here by their numbers. Walks go on as long as a run, and a collector with
 * generations makes every reference cost dearly that is stored in so old an object.
 */
final class Position {

  private final LoadedChain[] table;
  private int chain;
  private int place;
  private int depth;
  private int[] chains = new int[16];
  private int[] places = new int[16];

  /** The beginning of a built-in chain. */
  Position(LoadedChain base) {
    table = base.table;
    chain = base.number;
  }

  /** Goes to the beginning of a built-in chain. */
  void start(LoadedChain base) {
    chain = base.number;
    place = 0;
    depth = 0;
  }

  /** Goes where another one of the same table stands. */
  void set(Position other) {
    chain = other.chain;
    place = other.place;
    depth = other.depth;
    if (depth > chains.length) {
      chains = new int[other.chains.length];
      places = new int[other.chains.length];
    }
    System.arraycopy(other.chains, 0, chains, 0, depth);
    System.arraycopy(other.places, 0, places, 0, depth);
  }

  Position copy() {
    Position copy = new Position(table[chain]);
    copy.set(this);
    return copy;
  }

  /** The next rule; null where the end of the built-in chain is reached. */
  @Nullable LoadedRule next() {
    return next(null);
  }

  /**
   * The same, but passes over rules of long chains that a packet cannot meet.
   *
   * @param words those of the packet, as {@link ChainKey} writes them; null to visit every rule
   */
  @Nullable LoadedRule next(int @Nullable [] words) {
    while (true) {
      LoadedChain here = table[chain];
      if (words != null && here.isLong()) {
        pass(here, words);
      }
      if (place < here.rules.length) {
        return here.rules[place++];
      }
      if (depth == 0) {
        return null;
      }
      chain = chains[--depth];
      place = places[depth];
    }
  }

  private void pass(LoadedChain here, int[] words) {
    BoxIndex index = here.index();
    if (index != null) {
      place = Math.min(index.next(words, 0, place), here.rules.length);
    }
  }

  /** Stands before the rule that {@link #next} gave. */
  void back() {
    place--;
  }

  /** Goes on as a rule of this chain wants it, which neither ended the walk nor is unknown. */
  void follow(LoadedRule rule, Target.Action action) {
    if (action == Target.Action.RETURN) {
      place = table[chain].rules.length;
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
    chain = next.number;
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
