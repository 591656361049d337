package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import dev.sidecarsim.net.Cidr;
import java.util.Comparator;
import java.util.Optional;

/**
 * A listener's {@code filter_chain_matcher} ({@code xds.type.matcher.v3.Matcher}): it names a
 * filter chain, and the chains' own matches do not count.
 */
public sealed interface ChainTree {

  /** What the tree says of a connection. */
  Finding find(Incoming connection);

  /** What a tree says. */
  sealed interface Finding {}

  /** The chain of this name. */
  record Named(String chain) implements Finding {}

  /** No chain, and the criterion that no branch fits. */
  record Nothing(ChainChoice.Miss miss) implements Finding {}

  /** It cannot be told. */
  record Open(String what) implements Finding {}

  /** An action: the connection belongs to a chain. */
  record Chain(String name) implements ChainTree {
    @Override
    public Finding find(Incoming connection) {
      return new Named(name);
    }
  }

  /** A part of the tree that is not modelled. */
  record Unmodelled(String what) implements ChainTree {
    @Override
    public Finding find(Incoming connection) {
      return new Open(what);
    }
  }

  /**
   * {@code exact_match_map}: the branch of a value.
   *
   * @param otherwise {@code on_no_match}
   */
  record ByValue(
      ChainInput input, ImmutableMap<String, ChainTree> branches, Optional<ChainTree> otherwise)
      implements ChainTree {
    @Override
    public Finding find(Incoming connection) {
      ChainTree branch = branches.get(input.valueOf(connection).orElse(""));
      if (branch == null || input.valueOf(connection).isEmpty()) {
        return otherwise
            .map(tree -> tree.find(connection))
            .orElseGet(() -> new Nothing(input.miss(connection, branches.keySet())));
      }
      Finding found = branch.find(connection);
      return found instanceof Nothing && otherwise.isPresent()
          ? new Open("on_no_match after a branch without a match, in which Envoys differ,")
          : found;
    }
  }

  /**
   * {@code IPMatcher}: the branch of the narrowest block that holds an address and has a match;
   * wider blocks are tried after it unless they are exclusive.
   *
   * @param otherwise {@code on_no_match}
   */
  record ByBlock(ChainInput input, ImmutableList<Block> blocks, Optional<ChainTree> otherwise)
      implements ChainTree {
    @Override
    public Finding find(Incoming connection) {
      boolean first = true;
      for (Block block : narrowestFirst(connection)) {
        if (first || !block.exclusive()) {
          Finding found = block.branch().find(connection);
          if (!(found instanceof Nothing)) {
            return found;
          }
        }
        first = false;
      }
      return otherwise
          .map(tree -> tree.find(connection))
          .orElseGet(
              () ->
                  new Nothing(
                      input.miss(connection, Lists.transform(blocks, b -> b.range().toString()))));
    }

    private ImmutableList<Block> narrowestFirst(Incoming connection) {
      return input
          .addressOf(connection)
          .map(
              address ->
                  blocks.stream()
                      .filter(block -> block.range().contains(address))
                      .sorted(Comparator.comparingInt(block -> -block.range().prefix()))
                      .collect(ImmutableList.toImmutableList()))
          .orElse(ImmutableList.of());
    }
  }

  /** A block of addresses and what becomes of connections in it. */
  record Block(Cidr range, ChainTree branch, boolean exclusive) {}
}
