package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.ztunnel.AccessPolicy;
import dev.sidecarsim.ztunnel.AccessTerm;
import dev.sidecarsim.ztunnel.AccessTerm.Attribute;
import java.util.Optional;

/**
 * The AuthorizationPolicies of a pod as ztunnel gets them
 * (pilot/pkg/serviceregistry/ambient/authorization.go). It looks at connections only: an ALLOW rule
 * that asks for anything of a request is left out, other rules are made without it. AUDIT, CUSTOM
 * and dry runs do not reach it.
 */
final class AmbientPolicies {

  private final AuthorizationPolicy policy;

  private AmbientPolicies(AuthorizationPolicy policy) {
    this.policy = policy;
  }

  static ImmutableList<AccessPolicy> of(IstioManifests resources, Pod pod) {
    String root = resources.mesh().rootNamespace();
    return resources.authorizationPolicies().stream()
        .filter(policy -> !policy.dryRun())
        .filter(policy -> policy.covers(pod.namespace(), pod.meta().labels(), root))
        .flatMap(policy -> new AmbientPolicies(policy).read().stream())
        .collect(ImmutableList.toImmutableList());
  }

  private Optional<AccessPolicy> read() {
    return switch (policy.action()) {
      case ALLOW -> Optional.of(policy(AccessPolicy.Action.ALLOW));
      case DENY -> Optional.of(policy(AccessPolicy.Action.DENY));
      case AUDIT, CUSTOM -> Optional.empty();
    };
  }

  private AccessPolicy policy(AccessPolicy.Action action) {
    return new AccessPolicy(
        policy.meta().namespace() + "/" + policy.meta().name(),
        action,
        policy.rules().stream()
            .filter(rule -> action == AccessPolicy.Action.DENY || ofConnections(rule))
            .map(
                rule ->
                    new AccessPolicy.Group(matches(rule.permissions()), matches(rule.principals())))
            .collect(ImmutableList.toImmutableList()));
  }

  private static boolean ofConnections(AuthorizationPolicy.Rule rule) {
    return ofConnections(rule.permissions()) && ofConnections(rule.principals());
  }

  private static boolean ofConnections(
      ImmutableList<ImmutableList<AuthorizationPolicy.Term>> lists) {
    return lists.stream()
        .flatMap(ImmutableList::stream)
        .allMatch(term -> attribute(term.key()).isPresent());
  }

  private ImmutableList<AccessPolicy.Match> matches(
      ImmutableList<ImmutableList<AuthorizationPolicy.Term>> lists) {
    return lists.stream()
        .map(list -> new AccessPolicy.Match(terms(list)))
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<AccessTerm> terms(ImmutableList<AuthorizationPolicy.Term> list) {
    return list.stream()
        .flatMap(term -> attribute(term.key()).map(is -> term(is, term)).stream())
        .collect(ImmutableList.toImmutableList());
  }

  private AccessTerm term(Attribute attribute, AuthorizationPolicy.Term term) {
    return new AccessTerm(
        attribute, values(attribute, term.values()), values(attribute, term.notValues()));
  }

  /** An account without a namespace is of the policy's own. */
  private ImmutableList<String> values(Attribute attribute, ImmutableList<String> written) {
    return attribute == Attribute.SOURCE_SERVICE_ACCOUNT
        ? written.stream()
            .map(each -> each.contains("/") ? each : policy.meta().namespace() + "/" + each)
            .collect(ImmutableList.toImmutableList())
        : written;
  }

  /** What of a connection a key is about; empty if it is about a request. */
  private static Optional<Attribute> attribute(String key) {
    return switch (key) {
      case "destination.port" -> Optional.of(Attribute.DESTINATION_PORT);
      case "destination.ip" -> Optional.of(Attribute.DESTINATION_IP);
      case "source.ip" -> Optional.of(Attribute.SOURCE_IP);
      case "source.namespace" -> Optional.of(Attribute.SOURCE_NAMESPACE);
      case "source.principal" -> Optional.of(Attribute.SOURCE_PRINCIPAL);
      case "source.serviceAccount" -> Optional.of(Attribute.SOURCE_SERVICE_ACCOUNT);
      default -> Optional.empty();
    };
  }
}
