package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.Rbac;
import dev.sidecarsim.envoy.RbacCondition;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The RBAC filters that AuthorizationPolicies make of a proxy's inbound chains: those that ask
 * others (CUSTOM), then DENY, then ALLOW (pilot/pkg/security/authz/builder). AUDIT only logs.
 */
final class AuthorizationFilters {

  private final IstiodContext context;
  private final ImmutableList<AuthorizationPolicy> policies;
  private final ImmutableList<RequestAuthentication> authentications;

  private AuthorizationFilters(
      IstiodContext context,
      Predicate<AuthorizationPolicy> policies,
      Predicate<RequestAuthentication> authentications) {
    this.context = context;
    this.policies =
        context.resources().authorizationPolicies().stream()
            .filter(policies)
            .collect(ImmutableList.toImmutableList());
    this.authentications =
        context.resources().resources().requestAuthentications().stream()
            .filter(authentications)
            .collect(ImmutableList.toImmutableList());
  }

  /** Those of a workload. */
  static AuthorizationFilters of(IstiodContext context, ProxyNode node) {
    String root = context.resources().mesh().rootNamespace();
    return new AuthorizationFilters(
        context,
        policy -> policy.covers(node.namespace(), node.labels(), root),
        each -> each.covers(node.namespace(), node.labels(), root));
  }

  /**
   * Those of a waypoint for calls to a service: what is attached to either.
   *
   * @param service empty for pods that are called by their own address
   */
  static AuthorizationFilters of(
      IstiodContext context, Waypoints.Waypoint waypoint, Optional<MeshService> service) {
    String root = context.resources().mesh().rootNamespace();
    BiPredicate<String, ImmutableList<PolicyTarget>> attached =
        (namespace, targets) ->
            targets.stream()
                .anyMatch(
                    to ->
                        (to.isWaypointClass() && namespace.equals(root))
                            || service
                                .map(each -> to.isWaypoint(namespace, waypoint, each))
                                .orElseGet(() -> to.isWaypoint(namespace, waypoint)));
    return new AuthorizationFilters(
        context,
        each -> attached.test(each.meta().namespace(), each.targets()),
        each -> attached.test(each.meta().namespace(), each.targets()));
  }

  /** The filters of a chain for TCP. */
  ImmutableList<NetworkFilter> ofConnections() {
    return rules(true)
        .<NetworkFilter>map(NetworkFilter.AccessControl::new)
        .collect(ImmutableList.toImmutableList());
  }

  /** The filters of a connection manager. */
  ImmutableList<Rbac> ofRequests() {
    return Stream.concat(tokens().stream(), rules(false)).collect(ImmutableList.toImmutableList());
  }

  private Stream<Rbac> rules(boolean tcp) {
    return Stream.of(
            AuthorizationPolicy.Action.CUSTOM,
            AuthorizationPolicy.Action.DENY,
            AuthorizationPolicy.Action.ALLOW)
        .flatMap(action -> filter(action, tcp).stream());
  }

  /** Requests with a token are for somebody else to judge. */
  private Optional<Rbac> tokens() {
    ImmutableList<Rbac.Policy> all =
        authentications.stream()
            .map(
                each ->
                    new Rbac.Policy(
                        "RequestAuthentication " + each.meta().name(),
                        ImmutableList.of(RbacCondition.ANY),
                        each.tokens()))
            .collect(ImmutableList.toImmutableList());
    return all.isEmpty() ? Optional.empty() : Optional.of(new Rbac(Rbac.Action.ASK, all));
  }

  private Optional<Rbac> filter(AuthorizationPolicy.Action action, boolean tcp) {
    ImmutableList<AuthorizationPolicy> acting = policies(action);
    if (acting.isEmpty()) {
      return Optional.empty();
    }
    AuthorizationConditions conditions =
        new AuthorizationConditions(
            tcp,
            action == AuthorizationPolicy.Action.ALLOW,
            context.resources().mesh().trustDomains());
    ImmutableList<Rbac.Policy> rules =
        acting.stream()
            .flatMap(policy -> rules(policy, conditions).stream())
            .sorted(Comparator.comparing(Rbac.Policy::name))
            .collect(ImmutableList.toImmutableList());
    return Optional.of(new Rbac(envoyAction(action, acting), rules));
  }

  /** Istiod turns callers away where nobody declares whom to ask. */
  private Rbac.Action envoyAction(
      AuthorizationPolicy.Action action, ImmutableList<AuthorizationPolicy> acting) {
    return switch (action) {
      case ALLOW -> Rbac.Action.ALLOW;
      case DENY, AUDIT -> Rbac.Action.DENY;
      case CUSTOM ->
          acting.stream()
                  .allMatch(p -> context.resources().mesh().providers().contains(p.provider()))
              ? Rbac.Action.ASK
              : Rbac.Action.DENY;
    };
  }

  private ImmutableList<AuthorizationPolicy> policies(AuthorizationPolicy.Action action) {
    return policies.stream()
        .filter(policy -> policy.action() == action)
        .filter(policy -> !(policy.dryRun() && context.preset().inbound().dryRunPolicies()))
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<Rbac.Policy> rules(
      AuthorizationPolicy policy, AuthorizationConditions conditions) {
    ImmutableList.Builder<Rbac.Policy> rules = ImmutableList.builder();
    if (policy.rules().isEmpty()) {
      ImmutableList<RbacCondition> never = ImmutableList.of(RbacCondition.NONE);
      rules.add(new Rbac.Policy(name(policy, 0), never, never));
    }
    for (int i = 0; i < policy.rules().size(); i++) {
      conditions
          .policy(name(policy, i), policy.rules().get(i), policy.meta().namespace())
          .ifPresent(rules::add);
    }
    return rules.build();
  }

  private static String name(AuthorizationPolicy policy, int rule) {
    return "ns["
        + policy.meta().namespace()
        + "]-policy["
        + policy.meta().name()
        + "]-rule["
        + rule
        + "]";
  }
}
