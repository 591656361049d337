package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which members are restarted after which.
 *
 * @param ordinals the number at the end of each pod's name; empty: from the last member to the
 *     first
 */
record RestartOrder(List<Integer> ordinals) {

  /** Whether somebody deletes the pods, and not their controller. */
  boolean byHand() {
    return !ordinals.isEmpty();
  }

  /**
   * The pods in their order.
   *
   * @param members by ordinal
   * @throws BadInput unless each member is named once
   */
  ImmutableList<String> of(List<String> members) {
    if (ordinals.isEmpty()) {
      return ImmutableList.copyOf(Lists.reverse(members));
    }
    Set<String> pods = new LinkedHashSet<>();
    for (int ordinal : ordinals) {
      if (!pods.add(member(ordinal, members))) {
        throw wrong("names " + ordinal + " twice", members);
      }
    }
    if (pods.size() < members.size()) {
      throw wrong("leaves pods out", members);
    }
    return ImmutableList.copyOf(pods);
  }

  private String member(int ordinal, List<String> members) {
    List<String> found = members.stream().filter(pod -> pod.endsWith("-" + ordinal)).toList();
    if (found.size() != 1) {
      String fault = found.isEmpty() ? " is the ordinal of no pod" : " means several pods";
      throw wrong("is wrong: " + ordinal + fault, members);
    }
    return found.get(0);
  }

  private BadInput wrong(String fault, List<String> members) {
    String written = String.join(",", ordinals.stream().map(String::valueOf).toList());
    return new BadInput(
        "--order "
            + written
            + " "
            + fault
            + "; name the ordinal of each pod once: "
            + String.join(", ", members));
  }
}
