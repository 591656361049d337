package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;

/**
 * An instance of a service: in a ServiceEntry's own list, or by itself.
 *
 * @param meta of the document that it stands in
 * @param address an address or a name
 * @param ports its own numbers for the service's ports, by their names
 */
record WorkloadEntry(
    ObjectMeta meta,
    String address,
    ImmutableMap<String, Integer> ports,
    ImmutableMap<String, String> labels) {

  static WorkloadEntry of(Document document) {
    return of(document.meta(), document.tree().objectOrEmpty("spec"));
  }

  static WorkloadEntry of(ObjectMeta meta, JsonObject entry) {
    ImmutableMap.Builder<String, Integer> ports = ImmutableMap.builder();
    JsonObject written = entry.objectOrEmpty("ports");
    written.members().keySet().forEach(name -> ports.put(name, written.integer(name, 0, 0, 65535)));
    return new WorkloadEntry(
        meta, entry.string("address", ""), ports.buildOrThrow(), entry.stringMap("labels"));
  }

  /** Its number of a port. */
  int port(ServiceEntry.Port port) {
    return ports.getOrDefault(port.name(), port.targetPort());
  }

  boolean takesMutualTls() {
    return "istio".equals(labels.get(Injection.TLS_MODE));
  }
}
