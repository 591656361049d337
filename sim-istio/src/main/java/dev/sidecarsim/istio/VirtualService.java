package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.Origin;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.net.Cidr;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Where calls of some hosts go.
 *
 * @param hosts as written: short names, full ones, or ones with a wildcard
 * @param gateways what it is bound to; never empty
 * @param http the routes of HTTP requests, as written
 */
record VirtualService(
    ObjectMeta meta,
    ImmutableList<String> hosts,
    ImmutableList<GatewayName> gateways,
    ExportTo exportTo,
    ImmutableList<L4Route> tls,
    ImmutableList<L4Route> tcp,
    ImmutableList<JsonObject> http) {

  /** Connections that one of the matches takes, and where they go; no match takes all. */
  record L4Route(ImmutableList<L4Match> matches, ImmutableList<Destination> destinations) {}

  /**
   * What a connection has to be.
   *
   * @param port of the service; empty for any
   * @param subnets called addresses; empty for any
   * @param sniHosts server names; empty for any
   * @param clientLabels of the calling pod
   * @param clientNamespace of the calling pod; empty for any
   * @param gateways the proxies that it is for; empty for all
   */
  record L4Match(
      OptionalInt port,
      ImmutableList<Cidr> subnets,
      ImmutableList<String> sniHosts,
      ImmutableMap<String, String> clientLabels,
      String clientNamespace,
      ImmutableList<GatewayName> gateways) {

    /** Whether it can be met by what a proxy takes for a gateway, or the mesh, on a port. */
    boolean concerns(ProxyNode client, GatewayName gateway, int servicePort) {
      return (gateways.isEmpty() || gateways.contains(gateway))
          && (port.isEmpty() || port.getAsInt() == servicePort)
          && client.labels().entrySet().containsAll(clientLabels.entrySet())
          && (clientNamespace.isEmpty() || clientNamespace.equals(client.namespace()));
    }
  }

  /**
   * A host, or a part of it.
   *
   * @param port of the host; empty for the one called
   * @param weight its share among the destinations
   */
  record Destination(String host, String subset, OptionalInt port, int weight) {}

  static VirtualService of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    String namespace = document.meta().namespace();
    ImmutableList<GatewayName> gateways = gateways(spec, namespace);
    return new VirtualService(
        document.meta(),
        spec.strings("hosts"),
        gateways.isEmpty() ? ImmutableList.of(GatewayName.MESH) : gateways,
        ExportTo.of(spec),
        routes(spec, "tls", namespace),
        routes(spec, "tcp", namespace),
        spec.objects("http"));
  }

  private static ImmutableList<L4Route> routes(JsonObject spec, String kind, String namespace) {
    return spec.objects(kind).stream()
        .map(
            route ->
                new L4Route(
                    route.objects("match").stream()
                        .map(match -> match(match, namespace))
                        .collect(ImmutableList.toImmutableList()),
                    destinations(route)))
        .collect(ImmutableList.toImmutableList());
  }

  /** The gateways that a resource, or a match of it, names. */
  static ImmutableList<GatewayName> gateways(JsonObject tree, String namespace) {
    return tree.strings("gateways").stream()
        .map(written -> GatewayName.of(written, namespace))
        .collect(ImmutableList.toImmutableList());
  }

  private static L4Match match(JsonObject match, String namespace) {
    int port = match.integer("port", 0, 1, 65535);
    ImmutableList.Builder<Cidr> subnets = ImmutableList.builder();
    for (String text : match.strings("destinationSubnets")) {
      try {
        subnets.add(Cidr.of(text));
      } catch (IllegalArgumentException e) {
        throw new JsonException(
            match.locationOf("destinationSubnets"), "destinationSubnets: " + e.getMessage());
      }
    }
    return new L4Match(
        port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
        subnets.build(),
        match.strings("sniHosts"),
        match.stringMap("sourceLabels"),
        match.string("sourceNamespace", ""),
        gateways(match, namespace));
  }

  /** The destinations that get a share. */
  static ImmutableList<Destination> destinations(JsonObject route) {
    ImmutableList<JsonObject> all = route.objects("route");
    return all.stream()
        .map(
            entry ->
                destination(
                    entry.objectOrEmpty("destination"),
                    entry.integer("weight", all.size() == 1 ? 100 : 0, 0, Integer.MAX_VALUE)))
        .filter(destination -> destination.weight() > 0)
        .collect(ImmutableList.toImmutableList());
  }

  /** The hosts that its routes lead to, as written. */
  ImmutableList<String> destinationHosts() {
    return Stream.of(
            tls.stream().flatMap(route -> route.destinations().stream()),
            tcp.stream().flatMap(route -> route.destinations().stream()),
            http.stream().flatMap(route -> destinations(route).stream()))
        .flatMap(all -> all)
        .map(Destination::host)
        .collect(ImmutableList.toImmutableList());
  }

  static Destination destination(JsonObject tree, int weight) {
    int port = tree.objectOrEmpty("port").integer("number", 0, 1, 65535);
    return new Destination(
        tree.requireString("host"),
        tree.string("subset", ""),
        port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
        weight);
  }

  /** Whether one of its hosts stands for a service. */
  boolean covers(String target, String domain) {
    return hosts.stream()
        .anyMatch(host -> HostName.covers(HostName.full(host, meta.namespace(), domain), target));
  }

  /** As routes made of it name it. */
  Origin origin() {
    return new Origin(meta.namespace(), "virtual-service", meta.name());
  }
}
