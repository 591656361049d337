package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Map;
import java.util.Optional;

/**
 * What the sidecars of some workloads listen for and know of.
 *
 * @param selector the workloads' labels; empty for all of the namespace
 * @param ingress the ports to declare in place of the Services'; empty: the Services' ports
 * @param egressHosts {@code NAMESPACE/HOST} patterns of what the workloads call; empty for all
 * @param registryOnly its own outboundTrafficPolicy; empty for the mesh's
 */
public record Sidecar(
    ObjectMeta meta,
    ImmutableMap<String, String> selector,
    ImmutableList<Ingress> ingress,
    ImmutableList<String> egressHosts,
    Optional<Boolean> registryOnly) {

  /**
   * A declared port.
   *
   * @param defaultEndpoint as written; empty if it is not given
   */
  public record Ingress(
      int port, String name, ServiceProtocol protocol, String defaultEndpoint, JsonObject tree) {}

  static Sidecar of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    ImmutableList.Builder<Ingress> ingress = ImmutableList.builder();
    spec.objects("ingress").forEach(entry -> ingress.add(ingress(entry)));
    ImmutableList.Builder<String> hosts = ImmutableList.builder();
    spec.objects("egress").forEach(entry -> hosts.addAll(entry.strings("hosts")));
    return new Sidecar(
        document.meta(),
        spec.objectOrEmpty("workloadSelector").stringMap("labels"),
        ingress.build(),
        hosts.build(),
        spec.object("outboundTrafficPolicy").map(Sidecar::registryOnly));
  }

  private static boolean registryOnly(JsonObject policy) {
    return Choices.of(policy, "mode", "REGISTRY_ONLY", "ALLOW_ANY", "REGISTRY_ONLY")
        .equals("REGISTRY_ONLY");
  }

  private static Ingress ingress(JsonObject entry) {
    JsonObject port = entry.objectOrEmpty("port");
    int number = port.integer("number", 0, 1, 65535);
    if (number == 0) {
      throw port.missing("number", "a port from 1 to 65535");
    }
    String protocol = port.string("protocol", "");
    return new Ingress(
        number,
        port.string("name", ""),
        ServiceProtocol.ofWord(protocol).orElse(ServiceProtocol.AUTO),
        endpoint(entry),
        entry);
  }

  /** The forms that some version takes; which one, and how, is a matter of the version. */
  private static String endpoint(JsonObject entry) {
    String text = entry.string("defaultEndpoint", "");
    if (text.isEmpty()
        || text.startsWith("unix://")
        || text.matches("(127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1\\]|\\[::\\])?:\\d{1,5}")) {
      return text;
    }
    throw new JsonException(
        entry.locationOf("defaultEndpoint"),
        "defaultEndpoint: '"
            + text
            + "' is not understood; write 127.0.0.1:PORT, 0.0.0.0:PORT, :PORT or unix:///PATH");
  }

  boolean selects(Map<String, String> labels) {
    return labels.entrySet().containsAll(selector.entrySet());
  }
}
