package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Map;

/**
 * What the sidecars of some workloads accept.
 *
 * @param selector the workloads' labels; empty for all of the namespace, or of the mesh
 * @param portLevel modes by workload port
 */
public record PeerAuthentication(
    ObjectMeta meta,
    ImmutableMap<String, String> selector,
    TlsMode mode,
    ImmutableMap<Integer, TlsMode> portLevel) {

  static PeerAuthentication of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    ImmutableMap<String, String> selector = spec.objectOrEmpty("selector").stringMap("matchLabels");
    JsonObject ports = spec.objectOrEmpty("portLevelMtls");
    if (selector.isEmpty() && !ports.members().isEmpty()) {
      throw new JsonException(
          ports.location(),
          "portLevelMtls stands in a PeerAuthentication without a selector; select workloads");
    }
    ImmutableMap.Builder<Integer, TlsMode> modes = ImmutableMap.builder();
    for (String port : ports.members().keySet()) {
      modes.put(port(ports, port), mode(ports.objectOrEmpty(port)));
    }
    return new PeerAuthentication(
        document.meta(), selector, mode(spec.objectOrEmpty("mtls")), modes.buildOrThrow());
  }

  private static int port(JsonObject ports, String text) {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65535) {
      throw new JsonException(
          ports.locationOf(text),
          "portLevelMtls: '" + text + "' is no port; it is a number from 1 to 65535");
    }
    return Integer.parseInt(text);
  }

  private static TlsMode mode(JsonObject mtls) {
    return TlsMode.valueOf(
        Choices.of(mtls, "mode", "UNSET", "UNSET", "DISABLE", "PERMISSIVE", "STRICT"));
  }

  /** Whether the policy is for some workloads of a namespace only. */
  boolean forWorkloads() {
    return !selector.isEmpty();
  }

  boolean selects(Map<String, String> labels) {
    return labels.entrySet().containsAll(selector.entrySet());
  }
}
