package dev.sidecarsim.ztunnel;

import com.google.common.collect.ImmutableList;

/**
 * An AuthorizationPolicy as ztunnel has it ({@code security.Authorization}).
 *
 * @param name {@code NAMESPACE/NAME}
 * @param groups one of which must match; a policy without any matches nobody
 */
public record AccessPolicy(String name, Action action, ImmutableList<Group> groups) {

  /** What becomes of those who match. */
  public enum Action {
    ALLOW,
    DENY
  }

  /**
   * Matches where one of the matches of each kind holds.
   *
   * @param calls about what is called
   * @param callers about who calls
   */
  public record Group(ImmutableList<Match> calls, ImmutableList<Match> callers) {

    boolean matches(Access.Call call) {
      return calls.stream().anyMatch(each -> each.holds(call))
          && callers.stream().anyMatch(each -> each.holds(call));
    }
  }

  /** Terms that must all hold. */
  public record Match(ImmutableList<AccessTerm> terms) {

    boolean holds(Access.Call call) {
      return terms.stream().allMatch(term -> term.holds(call));
    }
  }

  boolean matches(Access.Call call) {
    return groups.stream().anyMatch(group -> group.matches(call));
  }
}
