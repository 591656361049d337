package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Protocol;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads NetworkPolicies. */
final class NetworkPolicyReader {

  private NetworkPolicyReader() {}

  static NetworkPolicy policy(JsonObject document, String defaultNamespace) {
    JsonObject spec = PodReader.requireSpec(document);
    ImmutableList<String> types = types(spec);
    return new NetworkPolicy(
        MetaReader.namespaced(document, defaultNamespace),
        LabelSelector.of(spec.objectOrEmpty("podSelector")),
        types.contains("Ingress") ? Optional.of(rules(spec, "ingress", "from")) : Optional.empty(),
        types.contains("Egress") ? Optional.of(rules(spec, "egress", "to")) : Optional.empty());
  }

  /** Where they are not given: Ingress, and Egress if there are rules for it. */
  private static ImmutableList<String> types(JsonObject spec) {
    ImmutableList<String> types = spec.strings("policyTypes");
    for (String type : types) {
      if (!type.equals("Ingress") && !type.equals("Egress")) {
        throw new ManifestException(
            spec.locationOf("policyTypes"),
            "policyTypes: '" + type + "' is neither Ingress nor Egress");
      }
    }
    if (!types.isEmpty()) {
      return types;
    }
    return spec.get("egress").isPresent()
        ? ImmutableList.of("Ingress", "Egress")
        : ImmutableList.of("Ingress");
  }

  private static ImmutableList<NetworkPolicy.Rule> rules(
      JsonObject spec, String direction, String others) {
    return spec.objects(direction).stream()
        .map(
            rule ->
                new NetworkPolicy.Rule(
                    rule.objects(others).stream()
                        .map(NetworkPolicyReader::peer)
                        .collect(ImmutableList.toImmutableList()),
                    rule.objects("ports").stream()
                        .map(NetworkPolicyReader::port)
                        .collect(ImmutableList.toImmutableList())))
        .collect(ImmutableList.toImmutableList());
  }

  private static NetworkPolicy.Peer peer(JsonObject peer) {
    Optional<JsonObject> block = peer.object("ipBlock");
    if (block.isPresent()) {
      ImmutableList.Builder<Cidr> except = ImmutableList.builder();
      for (String text : block.get().strings("except")) {
        except.add(cidr(block.get(), "except", text));
      }
      return new NetworkPolicy.Block(
          cidr(block.get(), "cidr", block.get().requireString("cidr")), except.build());
    }
    if (peer.object("podSelector").isEmpty() && peer.object("namespaceSelector").isEmpty()) {
      throw new ManifestException(
          peer.location(), "a peer has a podSelector, a namespaceSelector or an ipBlock");
    }
    return new NetworkPolicy.Pods(
        LabelSelector.of(peer.objectOrEmpty("podSelector")),
        peer.object("namespaceSelector").map(LabelSelector::of));
  }

  private static Cidr cidr(JsonObject tree, String key, String text) {
    try {
      return Cidr.of(text);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(tree.locationOf(key), key + ": " + e.getMessage());
    }
  }

  private static NetworkPolicy.Port port(JsonObject port) {
    int end = port.integer("endPort", 0, 1, 65535);
    return new NetworkPolicy.Port(
        protocol(port),
        port.get("port").map(value -> reference(port, value)),
        end == 0 ? OptionalInt.empty() : OptionalInt.of(end));
  }

  private static PortRef reference(JsonObject port, Json value) {
    return value instanceof JsonNumber
        ? PortRef.of(port.integer("port", 0, 1, 65535))
        : PortRef.of(port.requireString("port"));
  }

  private static Protocol protocol(JsonObject port) {
    String word = port.string("protocol", "TCP");
    return switch (word) {
      case "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      case "SCTP" -> Protocol.SCTP;
      default ->
          throw new ManifestException(
              port.locationOf("protocol"), "protocol: '" + word + "' is none of TCP, UDP, SCTP");
    };
  }
}
