package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Filter chains that a {@code filter_chain_matcher} chooses from by their names. */
final class NamedChains {

  private final ChainTree tree;
  private final ImmutableList<FilterChain> chains;
  private final Optional<FilterChain> defaultChain;
  private final Map<String, Integer> indexes = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException if Envoy would refuse the chains: one without a name, or two
   *     of one name
   */
  NamedChains(
      ChainTree tree, ImmutableList<FilterChain> chains, Optional<FilterChain> defaultChain) {
    this.tree = tree;
    this.chains = chains;
    this.defaultChain = defaultChain;
    for (int i = 0; i < chains.size(); i++) {
      String name = chains.get(i).name();
      if (name.isEmpty() || indexes.putIfAbsent(name, i) != null) {
        throw new IllegalArgumentException(
            "filter chain "
                + i
                + (name.isEmpty() ? " has no name" : " has the name '" + name + "' of another")
                + "; with filter_chain_matcher each needs one of its own");
      }
    }
  }

  ChainChoice choose(Incoming connection) {
    ChainTree.Finding found = tree.find(connection);
    if (found instanceof ChainTree.Named named) {
      Integer index = indexes.get(named.chain());
      // Envoy closes the connection then; the default chain is for those that nothing matches.
      return index == null
          ? new ChainChoice.Missed(missing(named.chain()))
          : new ChainChoice.Matched(index, chains.get(index));
    }
    if (found instanceof ChainTree.Nothing nothing) {
      return defaultChain
          .<ChainChoice>map(chain -> new ChainChoice.Default(chain, nothing.miss()))
          .orElseGet(() -> new ChainChoice.Missed(nothing.miss()));
    }
    return new ChainChoice.Open(((ChainTree.Open) found).what());
  }

  private ChainChoice.Miss missing(String name) {
    return new ChainChoice.Miss(
        "filter chain name", name, ImmutableList.sortedCopyOf(indexes.keySet()));
  }
}
