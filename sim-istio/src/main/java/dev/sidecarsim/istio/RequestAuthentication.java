package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.RbacCondition;
import dev.sidecarsim.envoy.StringMatch;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whose tokens some workloads take. A request without a token passes it; what becomes of one with a
 * token is not modelled.
 *
 * @param selector the workloads' labels; empty for all of the namespace, or of the mesh
 * @param targets what it is attached to, waypoints or gateways; none for sidecars
 * @param tokens what requests have that carry a token where one is looked for
 */
record RequestAuthentication(
    ObjectMeta meta,
    ImmutableMap<String, String> selector,
    ImmutableList<PolicyTarget> targets,
    ImmutableList<RbacCondition> tokens) {

  static RequestAuthentication of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    ImmutableList.Builder<RbacCondition> tokens = ImmutableList.builder();
    spec.objects("jwtRules").forEach(rule -> tokens.addAll(tokens(rule)));
    return new RequestAuthentication(
        document.meta(),
        spec.objectOrEmpty("selector").stringMap("matchLabels"),
        PolicyTarget.of(spec),
        tokens.build());
  }

  /**
   * The places that a rule names, else those of Envoy's jwt_authn: a bearer token of the header
   * Authorization, and the parameter access_token.
   */
  private static ImmutableList<RbacCondition> tokens(JsonObject rule) {
    ImmutableList.Builder<RbacCondition> named = ImmutableList.builder();
    for (JsonObject header : rule.objects("fromHeaders")) {
      named.add(header(header.requireString("name"), header.string("prefix", "")));
    }
    rule.strings("fromParams").forEach(name -> named.add(parameter(name)));
    rule.strings("fromCookies").forEach(name -> named.add(cookie(name)));
    ImmutableList<RbacCondition> all = named.build();
    return all.isEmpty()
        ? ImmutableList.of(header("authorization", "Bearer "), parameter("access_token"))
        : all;
  }

  private static RbacCondition header(String name, String prefix) {
    Optional<StringMatch> value =
        prefix.isEmpty()
            ? Optional.empty()
            : Optional.of(new StringMatch(StringMatch.Kind.PREFIX, prefix, false));
    return new RbacCondition.Header(name.toLowerCase(Locale.ROOT), value);
  }

  private static RbacCondition parameter(String name) {
    String expression = "[^?]*\\?(.*&)?" + Pattern.quote(name) + "=.*";
    return new RbacCondition.Header(":path", Optional.of(StringMatch.regex(expression)));
  }

  private static RbacCondition cookie(String name) {
    String expression = "(.*;)?\\s*" + Pattern.quote(name) + "=.*";
    return new RbacCondition.Header("cookie", Optional.of(StringMatch.regex(expression)));
  }

  boolean covers(String namespace, Map<String, String> labels, String rootNamespace) {
    return targets.isEmpty()
        && (meta.namespace().equals(namespace) || meta.namespace().equals(rootNamespace))
        && labels.entrySet().containsAll(selector.entrySet());
  }
}
