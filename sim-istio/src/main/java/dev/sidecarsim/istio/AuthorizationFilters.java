package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Rbac;
import dev.sidecarsim.envoy.RbacCondition;
import java.util.Comparator;
import java.util.Optional;

/**
 * The RBAC filters that AuthorizationPolicies make of a workload's inbound chains: those that ask
 * others (CUSTOM), then DENY, then ALLOW (pilot/pkg/security/authz/builder). AUDIT only logs.
 */
final class AuthorizationFilters {

  private final IstiodContext context;
  private final ProxyNode node;

  AuthorizationFilters(IstiodContext context, ProxyNode node) {
    this.context = context;
    this.node = node;
  }

  /** The filters of a chain for TCP, or of one for HTTP. */
  ImmutableList<Rbac> filters(boolean tcp) {
    ImmutableList.Builder<Rbac> filters = ImmutableList.builder();
    if (!tcp) {
      tokens().ifPresent(filters::add);
    }
    filter(AuthorizationPolicy.Action.CUSTOM, tcp).ifPresent(filters::add);
    filter(AuthorizationPolicy.Action.DENY, tcp).ifPresent(filters::add);
    filter(AuthorizationPolicy.Action.ALLOW, tcp).ifPresent(filters::add);
    return filters.build();
  }

  /** Requests with a token are for somebody else to judge. */
  private Optional<Rbac> tokens() {
    String root = context.resources().mesh().rootNamespace();
    ImmutableList.Builder<Rbac.Policy> policies = ImmutableList.builder();
    for (RequestAuthentication each : context.resources().resources().requestAuthentications()) {
      if (each.covers(node.namespace(), node.labels(), root)) {
        policies.add(
            new Rbac.Policy(
                "RequestAuthentication " + each.meta().name(),
                ImmutableList.of(RbacCondition.ANY),
                each.tokens()));
      }
    }
    ImmutableList<Rbac.Policy> all = policies.build();
    return all.isEmpty() ? Optional.empty() : Optional.of(new Rbac(Rbac.Action.ASK, all));
  }

  private Optional<Rbac> filter(AuthorizationPolicy.Action action, boolean tcp) {
    ImmutableList<AuthorizationPolicy> policies = policies(action);
    if (policies.isEmpty()) {
      return Optional.empty();
    }
    AuthorizationConditions conditions =
        new AuthorizationConditions(
            tcp,
            action == AuthorizationPolicy.Action.ALLOW,
            context.resources().mesh().trustDomains());
    ImmutableList<Rbac.Policy> rules =
        policies.stream()
            .flatMap(policy -> rules(policy, conditions).stream())
            .sorted(Comparator.comparing(Rbac.Policy::name))
            .collect(ImmutableList.toImmutableList());
    return Optional.of(new Rbac(envoyAction(action, policies), rules));
  }

  /** Istiod turns callers away where nobody declares whom to ask. */
  private Rbac.Action envoyAction(
      AuthorizationPolicy.Action action, ImmutableList<AuthorizationPolicy> policies) {
    return switch (action) {
      case ALLOW -> Rbac.Action.ALLOW;
      case DENY, AUDIT -> Rbac.Action.DENY;
      case CUSTOM ->
          policies.stream()
                  .allMatch(p -> context.resources().mesh().providers().contains(p.provider()))
              ? Rbac.Action.ASK
              : Rbac.Action.DENY;
    };
  }

  private ImmutableList<AuthorizationPolicy> policies(AuthorizationPolicy.Action action) {
    String root = context.resources().mesh().rootNamespace();
    return context.resources().authorizationPolicies().stream()
        .filter(policy -> policy.action() == action)
        .filter(policy -> !(policy.dryRun() && context.preset().inbound().dryRunPolicies()))
        .filter(policy -> policy.covers(node.namespace(), node.labels(), root))
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
