package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a cluster took for granted since no manifest says it, each once. */
final class Assumptions {

  private final Set<String> all = new LinkedHashSet<>();

  void add(String assumption) {
    all.add(assumption);
  }

  ImmutableSet<String> all() {
    return ImmutableSet.copyOf(all);
  }
}
