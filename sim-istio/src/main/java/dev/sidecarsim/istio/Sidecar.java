package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.net.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the sidecars of some workloads listen for and know of.
 *
 * @param selector the workloads' labels; empty for all of the namespace
 * @param ingress the ports to declare in place of the Services'; empty: the Services' ports
 * @param egress what the workloads call; empty for all
 * @param registryOnly its own outboundTrafficPolicy; empty for the mesh's
 */
public record Sidecar(
    ObjectMeta meta,
    ImmutableMap<String, String> selector,
    ImmutableList<Ingress> ingress,
    ImmutableList<Egress> egress,
    Optional<Boolean> registryOnly) {

  private static final String UNIX = "unix://";

  /**
   * A declared port.
   *
   * @param defaultEndpoint as written; empty if it is not given
   * @param bind the address of its own socket, if it has one; empty for the pod's
   * @param bound whether it has a socket of its own ({@code captureMode: NONE})
   */
  public record Ingress(
      int port,
      String name,
      ServiceProtocol protocol,
      String defaultEndpoint,
      Optional<IpAddress> bind,
      boolean bound,
      JsonObject tree) {}

  /**
   * Some services that are called.
   *
   * @param port the one service port that it is for; empty for all ports
   * @param protocol what that port speaks, whatever the services say
   * @param bind the address of its listener; empty for the wildcard, or 127.0.0.1 if it is bound
   * @param bound whether the listener has a socket ({@code captureMode: NONE})
   * @param onUnixSocket whether that is a Unix domain socket, which no packet reaches
   * @param hosts {@code NAMESPACE/HOST} patterns
   */
  public record Egress(
      OptionalInt port,
      ServiceProtocol protocol,
      Optional<IpAddress> bind,
      boolean bound,
      boolean onUnixSocket,
      ImmutableList<String> hosts) {}

  private static Egress egress(JsonObject entry) {
    int port = entry.objectOrEmpty("port").integer("number", 0, 0, 65535);
    boolean onUnixSocket = entry.string("bind", "").startsWith(UNIX);
    return new Egress(
        port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
        protocol(entry.objectOrEmpty("port")),
        onUnixSocket ? Optional.empty() : bind(entry),
        capture(entry).equals("NONE"),
        onUnixSocket,
        entry.strings("hosts"));
  }

  static Sidecar of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    ImmutableList.Builder<Ingress> ingress = ImmutableList.builder();
    spec.objects("ingress").forEach(entry -> ingress.add(ingress(entry)));
    return new Sidecar(
        document.meta(),
        spec.objectOrEmpty("workloadSelector").stringMap("labels"),
        ingress.build(),
        spec.objects("egress").stream()
            .map(Sidecar::egress)
            .collect(ImmutableList.toImmutableList()),
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
    return new Ingress(
        number,
        port.string("name", ""),
        protocol(port),
        endpoint(entry),
        bind(entry),
        capture(entry).equals("NONE"),
        entry);
  }

  private static ServiceProtocol protocol(JsonObject port) {
    return ServiceProtocol.ofWord(port.string("protocol", "")).orElse(ServiceProtocol.AUTO);
  }

  private static String capture(JsonObject entry) {
    return Choices.of(entry, "captureMode", "DEFAULT", "DEFAULT", "IPTABLES", "NONE");
  }

  private static Optional<IpAddress> bind(JsonObject entry) {
    Optional<String> text = entry.string("bind");
    try {
      return text.map(IpAddress::of);
    } catch (IllegalArgumentException e) {
      throw new JsonException(entry.locationOf("bind"), "bind: " + e.getMessage());
    }
  }

  /** The forms that some version takes; which one, and how, is a matter of the version. */
  private static String endpoint(JsonObject entry) {
    String text = entry.string("defaultEndpoint", "");
    if (text.isEmpty()
        || text.startsWith(UNIX)
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
