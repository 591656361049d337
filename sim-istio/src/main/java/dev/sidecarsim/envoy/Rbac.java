package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/**
 * A filter that turns callers away ({@code envoy.filters.network.rbac}, {@code
 * envoy.filters.http.rbac}).
 *
 * @param policies in the order of their names, in which Envoy tries them
 */
public record Rbac(Action action, ImmutableList<Policy> policies) {

  /** What becomes of those that a policy matches. */
  public enum Action {
    /** They pass; all others are turned away. */
    ALLOW,
    /** They are turned away; all others pass. */
    DENY,
    /** Somebody else is asked about them ({@code ext_authz}); all others pass. */
    ASK
  }

  /**
   * Matches where one of its permissions and one of its principals hold.
   *
   * @param name for the log
   */
  public record Policy(
      String name,
      ImmutableList<RbacCondition> permissions,
      ImmutableList<RbacCondition> principals) {

    boolean matches(RbacSubject subject) {
      return permissions.stream().anyMatch(each -> each.holds(subject))
          && principals.stream().anyMatch(each -> each.holds(subject));
    }
  }

  /**
   * What the filters say together.
   *
   * @param unknown whether another program's answer decides
   * @param why the policy, or that none allows it; as in the access log
   */
  record Denial(boolean unknown, String why) {}

  /** The first filter's objection; empty if all let the subject pass. */
  static Optional<Denial> check(ImmutableList<Rbac> filters, RbacSubject subject) {
    return filters.stream().flatMap(filter -> filter.check(subject).stream()).findFirst();
  }

  private Optional<Denial> check(RbacSubject subject) {
    Optional<Policy> match =
        policies.stream().filter(policy -> policy.matches(subject)).findFirst();
    return switch (action) {
      case ALLOW -> match.isPresent() ? Optional.empty() : denial("none");
      case DENY -> match.flatMap(policy -> denial(policy.name()));
      case ASK -> match.map(policy -> new Denial(true, policy.name()));
    };
  }

  private static Optional<Denial> denial(String policy) {
    return Optional.of(new Denial(false, "rbac_access_denied_matched_policy[" + policy + "]"));
  }
}
