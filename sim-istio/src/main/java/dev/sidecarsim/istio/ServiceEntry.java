package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.net.Cidr;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A service that no Kubernetes Service declares.
 *
 * @param addresses its virtual addresses; empty if it is known by its names alone
 * @param external whether it stands outside of the mesh
 * @param endpoints what is behind it
 * @param selector the labels of pods and WorkloadEntries behind it; empty for none
 */
record ServiceEntry(
    ObjectMeta meta,
    ImmutableList<String> hosts,
    ImmutableList<Cidr> addresses,
    ImmutableList<Port> ports,
    boolean external,
    Resolution resolution,
    ImmutableList<WorkloadEntry> endpoints,
    ImmutableMap<String, String> selector,
    ExportTo exportTo) {

  /** How its endpoints become known. */
  enum Resolution {
    NONE,
    STATIC,
    DNS,
    DNS_ROUND_ROBIN
  }

  /** A port of it. */
  record Port(int number, String name, ServiceProtocol protocol, int targetPort) {}

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
    return new ServiceEntry(
        document.meta(),
        spec.strings("hosts"),
        addresses.build(),
        ports.build(),
        Choices.of(spec, "location", "MESH_EXTERNAL", "MESH_EXTERNAL", "MESH_INTERNAL")
            .equals("MESH_EXTERNAL"),
        Resolution.valueOf(
            Choices.of(spec, "resolution", "NONE", "NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN")),
        spec.objects("endpoints").stream()
            .map(entry -> WorkloadEntry.of(document.meta(), entry))
            .collect(ImmutableList.toImmutableList()),
        spec.objectOrEmpty("workloadSelector").stringMap("labels"),
        ExportTo.of(spec));
  }

  /** Whether something of a namespace, with labels, is behind it. */
  boolean selects(String namespace, Map<String, String> labels) {
    return !selector.isEmpty()
        && namespace.equals(meta.namespace())
        && labels.entrySet().containsAll(selector.entrySet());
  }

  /** The number of a port on a pod that is behind this; empty if the pod is not. */
  OptionalInt targetAt(ProxyNode node, Port port) {
    if (selects(node.namespace(), node.labels())) {
      return OptionalInt.of(port.targetPort());
    }
    return endpoints.stream()
        .filter(each -> node.ips().stream().anyMatch(ip -> ip.toString().equals(each.address())))
        .mapToInt(each -> each.port(port))
        .findFirst();
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
