package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Map;

/**
 * Who may call some workloads.
 *
 * @param selector the workloads' labels; empty for all of the namespace, or of the mesh
 * @param targets what it is attached to, waypoints or gateways; none for sidecars and pods
 * @param provider of a CUSTOM policy, who is asked
 * @param dryRun whether it is only logged (annotation {@code istio.io/dry-run})
 */
public record AuthorizationPolicy(
    ObjectMeta meta,
    ImmutableMap<String, String> selector,
    ImmutableList<PolicyTarget> targets,
    Action action,
    String provider,
    boolean dryRun,
    ImmutableList<Rule> rules) {

  static final String DRY_RUN = "istio.io/dry-run";

  /** What becomes of the calls that a rule matches. */
  public enum Action {
    ALLOW,
    DENY,
    AUDIT,
    CUSTOM
  }

  /**
   * A rule, its {@code when} folded into both lists, as istiod's model of it has it.
   *
   * @param permissions lists of terms about the call; one list must hold
   * @param principals lists of terms about the caller; one list must hold
   */
  public record Rule(
      ImmutableList<ImmutableList<Term>> permissions,
      ImmutableList<ImmutableList<Term>> principals) {}

  /**
   * One attribute: it has one of the values, and none of the others.
   *
   * @param key as {@code when} writes it, such as {@code source.ip}
   */
  public record Term(String key, ImmutableList<String> values, ImmutableList<String> notValues) {}

  static AuthorizationPolicy of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    return new AuthorizationPolicy(
        document.meta(),
        spec.objectOrEmpty("selector").stringMap("matchLabels"),
        PolicyTarget.of(spec),
        Action.valueOf(Choices.of(spec, "action", "ALLOW", "ALLOW", "DENY", "AUDIT", "CUSTOM")),
        spec.objectOrEmpty("provider").string("name", ""),
        Boolean.parseBoolean(document.meta().annotations().getOrDefault(DRY_RUN, "false")),
        spec.objects("rules").stream()
            .map(AuthorizationRuleReader::rule)
            .collect(ImmutableList.toImmutableList()));
  }

  /** Whether it is for a workload. */
  boolean covers(String namespace, Map<String, String> labels, String rootNamespace) {
    return targets.isEmpty()
        && (meta.namespace().equals(namespace) || meta.namespace().equals(rootNamespace))
        && labels.entrySet().containsAll(selector.entrySet());
  }
}
