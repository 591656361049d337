package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Optional;

/**
 * How clients call a host, as far as TLS goes.
 *
 * @param host as written: a short name, a full one, or one with a wildcard
 * @param tls for all ports; empty leaves the choice to auto mTLS
 * @param portLevel for single service ports
 */
public record DestinationRule(
    ObjectMeta meta,
    String host,
    Optional<ClientTls> tls,
    ImmutableMap<Integer, ClientTls> portLevel) {

  /** How a client encrypts. */
  public enum ClientTls {
    DISABLE,
    SIMPLE,
    MUTUAL,
    ISTIO_MUTUAL
  }

  static DestinationRule of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    JsonObject policy = spec.objectOrEmpty("trafficPolicy");
    ImmutableMap.Builder<Integer, ClientTls> ports = ImmutableMap.builder();
    for (JsonObject entry : policy.objects("portLevelSettings")) {
      int port = entry.objectOrEmpty("port").integer("number", 0, 1, 65535);
      tls(entry).ifPresent(mode -> ports.put(port, mode));
    }
    return new DestinationRule(
        document.meta(), spec.requireString("host"), tls(policy), ports.buildKeepingLast());
  }

  private static Optional<ClientTls> tls(JsonObject policy) {
    return policy
        .object("tls")
        .map(
            tls ->
                ClientTls.valueOf(
                    Choices.of(
                        tls, "mode", "DISABLE", "DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL")));
  }

  /** Whether this rule is for a host. */
  boolean covers(String target, String domain) {
    if (host.startsWith("*")) {
      return target.endsWith(host.substring(1));
    }
    String full = host.contains(".") ? host : host + "." + meta.namespace() + ".svc." + domain;
    return full.equals(target);
  }

  Optional<ClientTls> tlsFor(int port) {
    return Optional.ofNullable(portLevel.get(port)).or(() -> tls);
  }
}
