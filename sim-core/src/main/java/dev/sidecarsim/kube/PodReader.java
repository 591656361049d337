package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Reads Pods and the templates of pods. */
final class PodReader {

  private PodReader() {}

  /** A Pod document; empty if the pod has come to its end and holds no address any more. */
  static Optional<Pod> pod(JsonObject document, String defaultNamespace) {
    JsonObject status = document.objectOrEmpty("status");
    String phase = status.string("phase", "");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return Optional.empty();
    }
    ObjectMeta meta = MetaReader.namespaced(document, defaultNamespace);
    return Optional.of(new Pod(meta, spec(requireSpec(document)), ips(status), owner(document)));
  }

  /** The controller that the metadata name as owner. */
  static Optional<Pod.Owner> owner(JsonObject document) {
    return document.objectOrEmpty("metadata").objects("ownerReferences").stream()
        .filter(owner -> owner.bool("controller", false))
        .map(owner -> new Pod.Owner(owner.requireString("kind"), owner.requireString("name")))
        .findFirst();
  }

  static JsonObject requireSpec(JsonObject document) {
    return document
        .object("spec")
        .orElseThrow(() -> document.missing("spec", "what is to run, an object"));
  }

  /** The template of a workload. */
  static PodTemplate template(JsonObject workloadSpec) {
    JsonObject template =
        workloadSpec
            .object("template")
            .orElseThrow(() -> workloadSpec.missing("template", "the pods' metadata and spec"));
    JsonObject meta = template.objectOrEmpty("metadata");
    return new PodTemplate(
        meta.stringMap("labels"),
        MetaReader.annotations(meta),
        spec(requireSpec(template)),
        template.location());
  }

  private static PodSpec spec(JsonObject spec) {
    ImmutableList<ContainerSpec> containers = ContainerReader.list(spec, "containers");
    if (containers.isEmpty()) {
      throw new ManifestException(
          spec.locationOf("containers"), "containers: none; a pod has at least one");
    }
    JsonObject security = spec.objectOrEmpty("securityContext");
    return new PodSpec(
        containers,
        ContainerReader.list(spec, "initContainers"),
        spec.bool("hostNetwork", false),
        ContainerReader.id(security, "runAsUser"),
        ContainerReader.id(security, "runAsGroup"),
        ImmutableList.copyOf(ContainerReader.map(spec, "volumes", PodReader::volume)),
        spec.string("serviceAccountName", "default"),
        spec.string("nodeName").filter(text -> !text.isEmpty()),
        spec.string("hostname"),
        spec.string("subdomain"),
        spec.string("restartPolicy", "Always"),
        spec.integer(
            "terminationGracePeriodSeconds", PodSpec.GRACE_PERIOD, 0, ContainerReader.LONGEST));
  }

  private static Volume volume(JsonObject item) {
    String name = item.requireString("name");
    Optional<JsonObject> map = item.object("configMap");
    ImmutableMap.Builder<String, String> items = ImmutableMap.builder();
    JsonObject source = map.orElse(JsonObject.EMPTY);
    source
        .objects("items")
        .forEach(entry -> items.put(entry.requireString("key"), entry.requireString("path")));
    return new Volume(
        name,
        map.map(present -> present.requireString("name")),
        items.buildKeepingLast(),
        source.bool("optional", false));
  }

  private static ImmutableList<IpAddress> ips(JsonObject status) {
    Set<IpAddress> ips = new LinkedHashSet<>();
    if (status.string("podIP").filter(text -> !text.isEmpty()).isPresent()) {
      ips.add(address(status, "podIP"));
    }
    status.objects("podIPs").forEach(entry -> ips.add(address(entry, "ip")));
    return ImmutableList.copyOf(ips);
  }

  /** An IP address that must be there. */
  static IpAddress address(JsonObject object, String key) {
    String text = object.requireString(key);
    try {
      return IpAddress.of(text);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(object.locationOf(key), key + ": " + e.getMessage());
    }
  }
}
