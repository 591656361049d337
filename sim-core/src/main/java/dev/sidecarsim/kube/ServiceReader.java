package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.net.IpAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads Services. */
final class ServiceReader {

  private ServiceReader() {}

  static Service service(JsonObject document, String defaultNamespace) {
    ObjectMeta meta = MetaReader.namespaced(document, defaultNamespace);
    JsonObject spec = PodReader.requireSpec(document);
    Service.Type type = type(spec);
    boolean headless = spec.string("clusterIP", "").equals("None");
    ImmutableMap<String, String> selector = spec.stringMap("selector");
    return new Service(
        meta,
        type,
        headless,
        headless ? ImmutableList.of() : clusterIps(spec),
        selector,
        ports(spec, type, headless),
        spec.bool("publishNotReadyAddresses", false),
        externalName(spec, type));
  }

  private static Service.Type type(JsonObject spec) {
    String word = spec.string("type", "ClusterIP");
    return Arrays.stream(Service.Type.values())
        .filter(type -> type.toString().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new ManifestException(
                    spec.locationOf("type"),
                    "type: '"
                        + word
                        + "' is none; it is one of "
                        + Arrays.toString(Service.Type.values())));
  }

  private static Optional<String> externalName(JsonObject spec, Service.Type type) {
    return type == Service.Type.EXTERNAL_NAME
        ? Optional.of(spec.requireString("externalName"))
        : Optional.empty();
  }

  private static ImmutableList<IpAddress> clusterIps(JsonObject spec) {
    Set<IpAddress> ips = new LinkedHashSet<>();
    if (!spec.string("clusterIP", "").isEmpty()) {
      ips.add(PodReader.address(spec, "clusterIP"));
    }
    for (Json item : spec.array("clusterIPs")) {
      if (item instanceof JsonString text && IpAddress.isLiteral(text.value())) {
        ips.add(IpAddress.of(text.value()));
      } else {
        throw new ManifestException(
            item.location(),
            "clusterIPs: " + item + " is no IP address; write one like 10.96.0.10");
      }
    }
    return ImmutableList.copyOf(ips);
  }

  private static ImmutableList<ServicePort> ports(
      JsonObject spec, Service.Type type, boolean headless) {
    ImmutableList<JsonObject> items = spec.objects("ports");
    if (items.isEmpty() && !headless && type != Service.Type.EXTERNAL_NAME) {
      throw new ManifestException(
          spec.locationOf("ports"), "ports: none; a Service that has an address has a port");
    }
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    ImmutableList.Builder<ServicePort> ports = ImmutableList.builder();
    for (JsonObject item : items) {
      ServicePort port = port(item);
      if (items.size() > 1 && port.name().isEmpty()) {
        throw item.missing("name", "one, since the Service has several ports");
      }
      if (!names.add(port.nameOrEmpty()) || !numbers.add(port.port() + "/" + port.protocol())) {
        throw new ManifestException(
            item.location(),
            "port "
                + port.nameOrEmpty()
                + " "
                + port.port()
                + "/"
                + port.protocol()
                + " stands twice in the Service; names and numbers differ");
      }
      ports.add(port);
    }
    return ports.build();
  }

  private static ServicePort port(JsonObject item) {
    if (item.get("port").isEmpty()) {
      throw item.missing("port", "a number from 1 to 65535");
    }
    int port = item.integer("port", 0, 1, ContainerReader.LAST_PORT);
    return new ServicePort(
        item.string("name").filter(name -> !name.isEmpty()),
        port,
        ContainerReader.portRef(item, "targetPort").orElse(PortRef.of(port)),
        ContainerReader.protocol(item),
        item.string("appProtocol"),
        nodePort(item));
  }

  private static OptionalInt nodePort(JsonObject item) {
    // kubectl prints nodePort: 0 where there is none.
    boolean none = item.integer("nodePort").orElse(0L) == 0;
    return none ? OptionalInt.empty() : ContainerReader.optionalPort(item, "nodePort");
  }
}
