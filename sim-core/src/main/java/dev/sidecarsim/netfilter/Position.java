package dev.sidecarsim.netfilter;

import dev.sidecarsim.classify.BoxIndex;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a walk stands: its chain, the next rule there, and where the jumps so far come back to. */
final class Position {

  private LoadedChain chain;
  private int place;
  private int depth;
  private LoadedChain[] chains = new LoadedChain[16];
  private int[] places = new int[16];
  private @Nullable Skb packet;
  private final int[] key = new int[ChainKey.WORDS];
  private boolean written;

  Position(LoadedChain base) {
    chain = base;
  }

  /** Goes to the beginning of a built-in chain; every rule is visited. */
  void start(LoadedChain base) {
    chain = base;
    place = 0;
    depth = 0;
    packet = null;
  }

  /** From now on passes over rules of long chains that a packet cannot meet. */
  void seek(Skb skb) {
    packet = skb;
    written = false;
  }

  /** Says that a rule may have changed the packet. */
  void changed() {
    written = false;
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
    while (true) {
      if (packet != null && chain.isLong()) {
        pass(packet);
      }
      if (place < chain.rules.length) {
        return chain.rules[place++];
      }
      if (depth == 0) {
        return null;
      }
      chain = chains[--depth];
      place = places[depth];
    }
  }

  private void pass(Skb skb) {
    BoxIndex index = chain.index();
    if (index == null) {
      return;
    }
    if (!written) {
      ChainKey.write(skb, key);
      written = true;
    }
    place = Math.min(index.next(key, 0, place), chain.rules.length);
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
