package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * What some routers listen for (networking.istio.io).
 *
 * @param selector the routers' labels, in any namespace
 */
public record Gateway(
    ObjectMeta meta, ImmutableMap<String, String> selector, ImmutableList<Server> servers) {

  /** Whose pods a Gateway of the Gateway API is for that is given an address. */
  static final String SERVICE = "internal.istio.io/gateway-service";

  /**
   * A port.
   *
   * @param number as Services in front of the router have it
   * @param name of the port
   * @param https whether what is inside of its TLS is HTTP
   * @param tls what is done with TLS, such as {@code PASSTHROUGH}; empty for plaintext
   * @param redirects whether all requests are sent to HTTPS
   * @param hosts names, with wildcards, and with {@code NAMESPACE/} before them
   */
  public record Server(
      int number,
      String name,
      ServiceProtocol protocol,
      boolean https,
      Optional<IpAddress> bind,
      String tls,
      boolean redirects,
      ImmutableList<String> hosts) {

    private static Server of(JsonObject server) {
      JsonObject port = server.objectOrEmpty("port");
      int number = port.integer("number", 0, 1, 65535);
      if (number == 0) {
        throw port.missing("number", "a port from 1 to 65535");
      }
      Optional<JsonObject> tls = server.object("tls");
      boolean redirects = tls.map(each -> each.bool("httpsRedirect", false)).orElse(false);
      return new Server(
          number,
          port.string("name", ""),
          ServiceProtocol.ofWord(port.string("protocol", "")).orElse(ServiceProtocol.AUTO),
          port.string("protocol", "").equalsIgnoreCase("HTTPS"),
          bind(server),
          tls.map(each -> each.string("mode", redirects ? "" : "PASSTHROUGH")).orElse(""),
          redirects,
          server.strings("hosts"));
    }

    private static Optional<IpAddress> bind(JsonObject server) {
      try {
        return server.string("bind").map(IpAddress::of);
      } catch (IllegalArgumentException e) {
        throw new JsonException(server.locationOf("bind"), "bind: " + e.getMessage());
      }
    }

    /** Whether a host of a VirtualService of a namespace is one of this server's. */
    boolean takes(String host, String namespace) {
      return hosts.stream()
          .anyMatch(
              each -> {
                int slash = each.indexOf('/');
                String where = slash < 0 ? "*" : each.substring(0, slash);
                String own = each.substring(slash + 1);
                return (where.equals("*") || where.equals(namespace))
                    && (HostName.covers(own, host) || HostName.covers(host, own));
              });
    }
  }

  static Gateway of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    return new Gateway(
        document.meta(),
        spec.stringMap("selector"),
        spec.objects("servers").stream().map(Server::of).collect(ImmutableList.toImmutableList()));
  }

  GatewayName name() {
    return GatewayName.of(meta.name(), meta.namespace());
  }

  /** Whether it is for a router: one behind its Service if it has one, else one with its labels. */
  boolean selects(ProxyNode node, MeshView view) {
    String host = meta.annotations().get(SERVICE);
    return host == null
        ? node.labels().entrySet().containsAll(selector.entrySet())
        : view.services().stream()
            .map(MeshView.Backed::service)
            .filter(service -> service.selects(node.pod()))
            .anyMatch(service -> service.hostname(view.domain()).equals(host));
  }
}
