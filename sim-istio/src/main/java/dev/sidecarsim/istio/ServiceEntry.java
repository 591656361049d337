package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.net.Cidr;

/**
 * A service that no Kubernetes Service declares.
 *
 * @param addresses its virtual addresses; empty if it is known by its names alone
 * @param external whether it stands outside of the mesh
 * @param endpoints addresses or names behind it
 */
public record ServiceEntry(
    ObjectMeta meta,
    ImmutableList<String> hosts,
    ImmutableList<Cidr> addresses,
    ImmutableList<Port> ports,
    boolean external,
    Resolution resolution,
    ImmutableList<String> endpoints) {

  /** How its endpoints become known. */
  public enum Resolution {
    NONE,
    STATIC,
    DNS,
    DNS_ROUND_ROBIN
  }

  /** A port of it. */
  public record Port(int number, String name, ServiceProtocol protocol, int targetPort) {}

  static ServiceEntry of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    ImmutableList.Builder<Cidr> addresses = ImmutableList.builder();
    for (String text : spec.strings("addresses")) {
      try {
        addresses.add(Cidr.of(text));
      } catch (IllegalArgumentException e) {
        throw new JsonException(spec.locationOf("addresses"), "addresses: " + e.getMessage());
      }
    }
    ImmutableList.Builder<Port> ports = ImmutableList.builder();
    spec.objects("ports").forEach(port -> ports.add(port(port)));
    ImmutableList.Builder<String> endpoints = ImmutableList.builder();
    spec.objects("endpoints").forEach(entry -> endpoints.add(entry.requireString("address")));
    return new ServiceEntry(
        document.meta(),
        spec.strings("hosts"),
        addresses.build(),
        ports.build(),
        Choices.of(spec, "location", "MESH_EXTERNAL", "MESH_EXTERNAL", "MESH_INTERNAL")
            .equals("MESH_EXTERNAL"),
        Resolution.valueOf(
            Choices.of(spec, "resolution", "NONE", "NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN")),
        endpoints.build());
  }

  private static Port port(JsonObject port) {
    int number = port.integer("number", 0, 1, 65535);
    if (number == 0) {
      throw port.missing("number", "a port from 1 to 65535");
    }
    return new Port(
        number,
        port.string("name", ""),
        ServiceProtocol.ofWord(port.string("protocol", "")).orElse(ServiceProtocol.AUTO),
        port.integer("targetPort", number, 1, 65535));
  }
}
