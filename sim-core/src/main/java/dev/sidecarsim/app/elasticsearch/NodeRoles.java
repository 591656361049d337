package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a node may do ({@code node.roles}).
 *
 * @param names as the setting has them
 */
record NodeRoles(ImmutableSet<String> names) {

  /** DiscoveryNodeRole and its relatives in x-pack: the letter of each role. */
  private static final ImmutableMap<String, String> LETTERS =
      ImmutableMap.<String, String>builder()
          .put("master", "m")
          .put("voting_only", "v")
          .put("data", "d")
          .put("data_content", "s")
          .put("data_hot", "h")
          .put("data_warm", "w")
          .put("data_cold", "c")
          .put("data_frozen", "f")
          .put("ingest", "i")
          .put("ml", "l")
          .put("transform", "t")
          .put("remote_cluster_client", "r")
          .build();

  static boolean known(String name) {
    return LETTERS.containsKey(name);
  }

  static NodeRoles decode(String text) {
    return new NodeRoles(ImmutableSet.copyOf(Splitter.on('+').omitEmptyStrings().split(text)));
  }

  String encode() {
    return String.join("+", names);
  }

  boolean master() {
    return names.contains("master");
  }

  /** A master-eligible node that votes, but is not to be elected. */
  boolean votingOnly() {
    return names.contains("voting_only");
  }

  boolean data() {
    return names.stream().anyMatch(name -> name.startsWith("data"));
  }

  /** The letters in alphabetical order; none for a node that only coordinates requests. */
  String letters() {
    Set<String> sorted =
        names.stream()
            .map(name -> LETTERS.getOrDefault(name, ""))
            .collect(Collectors.toCollection(java.util.TreeSet::new));
    return String.join("", sorted);
  }
}
