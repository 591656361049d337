package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Locale;
import java.util.Map;

/**
 * Whose tokens some workloads take. A request without a token passes it; what becomes of one with a
 * token is not modelled.
 *
 * @param selector the workloads' labels; empty for all of the namespace, or of the mesh
 * @param headers where tokens are looked for, in lower case
 */
record RequestAuthentication(
    ObjectMeta meta, ImmutableMap<String, String> selector, ImmutableSet<String> headers) {

  static RequestAuthentication of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    ImmutableSet.Builder<String> headers = ImmutableSet.builder();
    for (JsonObject rule : spec.objects("jwtRules")) {
      ImmutableList<JsonObject> named = rule.objects("fromHeaders");
      if (named.isEmpty()) {
        headers.add("authorization");
      }
      named.forEach(each -> headers.add(each.requireString("name").toLowerCase(Locale.ROOT)));
    }
    return new RequestAuthentication(
        document.meta(), spec.objectOrEmpty("selector").stringMap("matchLabels"), headers.build());
  }

  boolean covers(String namespace, Map<String, String> labels, String rootNamespace) {
    return (meta.namespace().equals(namespace) || meta.namespace().equals(rootNamespace))
        && labels.entrySet().containsAll(selector.entrySet());
  }
}
