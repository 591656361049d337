package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/** Reads Endpoints and EndpointSlices, which for a Service with a selector nobody writes. */
final class EndpointsReader {

  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  private static final ImmutableList<JsonObject> NONE = ImmutableList.of();

  private EndpointsReader() {}

  static Endpoints endpoints(JsonObject document, String defaultNamespace) {
    ImmutableList<Endpoints.Subset> subsets =
        document.objects("subsets").stream()
            .map(EndpointsReader::subset)
            .collect(ImmutableList.toImmutableList());
    return new Endpoints(MetaReader.namespaced(document, defaultNamespace), subsets);
  }

  private static Endpoints.Subset subset(JsonObject item) {
    return new Endpoints.Subset(
        addresses(item, "addresses"), addresses(item, "notReadyAddresses"), ports(item));
  }

  private static ImmutableList<Endpoints.Address> addresses(JsonObject item, String key) {
    return item.objects(key).stream()
        .map(
            entry ->
                new Endpoints.Address(
                    PodReader.address(entry, "ip"),
                    entry.string("hostname"),
                    pod(entry),
                    entry.string("nodeName")))
        .collect(ImmutableList.toImmutableList());
  }

  private static Optional<String> pod(JsonObject entry) {
    JsonObject target = entry.objectOrEmpty("targetRef");
    return target.string("kind", "").equals("Pod") ? target.string("name") : Optional.empty();
  }

  private static ImmutableList<Endpoints.Port> ports(JsonObject item) {
    return item.objects("ports").stream()
        .map(
            entry ->
                new Endpoints.Port(
                    entry.string("name").filter(name -> !name.isEmpty()),
                    entry.integer("port", 0, 1, ContainerReader.LAST_PORT),
                    ContainerReader.protocol(entry),
                    entry.string("appProtocol")))
        .collect(ImmutableList.toImmutableList());
  }

  /** A slice as the Endpoints of the Service that its label names. */
  static Endpoints slice(JsonObject document, String defaultNamespace) {
    ObjectMeta meta = MetaReader.namespaced(document, defaultNamespace);
    String service = meta.labels().get(SERVICE_LABEL);
    if (service == null) {
      throw new ManifestException(
          meta.location(),
          "EndpointSlice " + meta.name() + " has no label " + SERVICE_LABEL + "; give the Service");
    }
    // Slices of names are for programs that resolve them; no rule can send a packet to a name.
    boolean named = document.string("addressType", "").equals("FQDN");
    ImmutableList.Builder<Endpoints.Address> ready = ImmutableList.builder();
    ImmutableList.Builder<Endpoints.Address> notReady = ImmutableList.builder();
    for (JsonObject endpoint : named ? NONE : document.objects("endpoints")) {
      boolean isReady = endpoint.objectOrEmpty("conditions").bool("ready", true);
      (isReady ? ready : notReady).addAll(sliceAddresses(endpoint));
    }
    return new Endpoints(
        meta.withName(service),
        ImmutableList.of(new Endpoints.Subset(ready.build(), notReady.build(), ports(document))));
  }

  private static ImmutableList<Endpoints.Address> sliceAddresses(JsonObject endpoint) {
    return endpoint.strings("addresses").stream()
        .map(
            text ->
                new Endpoints.Address(
                    address(endpoint, text),
                    endpoint.string("hostname"),
                    pod(endpoint),
                    endpoint.string("nodeName")))
        .collect(ImmutableList.toImmutableList());
  }

  private static IpAddress address(JsonObject endpoint, String text) {
    try {
      return IpAddress.of(text);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(endpoint.locationOf("addresses"), "addresses: " + e.getMessage());
    }
  }
}
