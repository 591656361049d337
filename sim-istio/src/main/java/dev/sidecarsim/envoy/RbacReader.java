package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.JsonObject;
import java.util.Comparator;
import java.util.Optional;

/**
 * Reads RBAC filters ({@code envoy.config.rbac.v3} and its v2), for connections and for requests.
 * What shadow rules say has no effect.
 */
final class RbacReader {

  private RbacReader() {}

  /** Whether a filter's settings enforce anything. */
  static boolean enforces(ProtoMessage settings) {
    String action = settings.messageOrEmpty("rules").text("action");
    boolean logs = action.equals("LOG") || action.equals("2");
    return settings.has("matcher") || (settings.has("rules") && !logs);
  }

  /** A filter's rules; empty if something in them is not modelled. */
  static Optional<Rbac> read(ProtoMessage settings) {
    if (settings.has("matcher")) {
      return Optional.empty();
    }
    ProtoMessage rules = settings.messageOrEmpty("rules");
    String action = rules.text("action");
    boolean denies = action.equals("DENY") || action.equals("1");
    return policies(rules.messageOrEmpty("policies").source())
        .map(policies -> new Rbac(denies ? Rbac.Action.DENY : Rbac.Action.ALLOW, policies));
  }

  /** Envoy keeps policies in the order of their names. */
  private static Optional<ImmutableList<Rbac.Policy>> policies(JsonObject written) {
    ImmutableList.Builder<Rbac.Policy> all = ImmutableList.builder();
    for (String name :
        written.members().keySet().stream().sorted(Comparator.naturalOrder()).toList()) {
      Optional<Rbac.Policy> policy =
          policy(name, ProtoMessage.of(written.object(name).orElse(JsonObject.EMPTY)));
      if (policy.isEmpty()) {
        return Optional.empty();
      }
      all.add(policy.get());
    }
    return Optional.of(all.build());
  }

  private static Optional<Rbac.Policy> policy(String name, ProtoMessage written) {
    if (written.has("condition") || written.has("checked_condition")) {
      return Optional.empty();
    }
    Optional<ImmutableList<RbacCondition>> permissions = all(written, "permissions");
    Optional<ImmutableList<RbacCondition>> principals = all(written, "principals");
    return permissions.isPresent() && principals.isPresent()
        ? Optional.of(new Rbac.Policy(name, permissions.get(), principals.get()))
        : Optional.empty();
  }

  private static Optional<ImmutableList<RbacCondition>> all(ProtoMessage holder, String field) {
    ImmutableList.Builder<RbacCondition> all = ImmutableList.builder();
    for (ProtoMessage each : holder.messages(field)) {
      Optional<RbacCondition> condition = condition(each);
      if (condition.isEmpty()) {
        return Optional.empty();
      }
      all.add(condition.get());
    }
    return Optional.of(all.build());
  }

  /** A permission or a principal; each has one field. */
  private static Optional<RbacCondition> condition(ProtoMessage written) {
    String field = written.onlyField();
    ProtoMessage value = written.messageIfAny(field);
    return switch (field) {
      case "and_rules" -> all(value, "rules").map(RbacCondition.AllOf::new);
      case "and_ids" -> all(value, "ids").map(RbacCondition.AllOf::new);
      case "or_rules" -> all(value, "rules").map(RbacCondition.AnyOf::new);
      case "or_ids" -> all(value, "ids").map(RbacCondition.AnyOf::new);
      case "not_rule", "not_id" -> condition(value).map(RbacCondition.Not::new);
      default -> RbacTerms.read(field, value, written);
    };
  }
}
