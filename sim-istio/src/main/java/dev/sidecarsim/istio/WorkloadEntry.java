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
 * @param serviceAccount whom its certificate names; empty for none
 */
record WorkloadEntry(
    ObjectMeta meta,
    String address,
    ImmutableMap<String, Integer> ports,
    ImmutableMap<String, String> labels,
    String serviceAccount) {

  static WorkloadEntry of(Document document) {
    return of(document.meta(), document.tree().objectOrEmpty("spec"));
  }

  static WorkloadEntry of(ObjectMeta meta, JsonObject entry) {
    ImmutableMap.Builder<String, Integer> ports = ImmutableMap.builder();
    JsonObject written = entry.objectOrEmpty("ports");
    written.members().keySet().forEach(name -> ports.put(name, written.integer(name, 0, 0, 65535)));
    return new WorkloadEntry(
        meta,
        entry.string("address", ""),
        ports.buildOrThrow(),
        entry.stringMap("labels"),
        entry.string("serviceAccount", ""));
  }

  /** Its number of a port. */
  int port(ServiceEntry.Port port) {
    return ports.getOrDefault(port.name(), port.targetPort());
  }

  /** As its label says, else if it has an account ({@code getTLSModeFromWorkloadEntry()}). */
  boolean takesMutualTls() {
    String label = labels.get(Injection.TLS_MODE);
    return label == null ? !serviceAccount.isEmpty() : label.equals("istio");
  }
}
