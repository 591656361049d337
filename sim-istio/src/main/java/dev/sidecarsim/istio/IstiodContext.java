package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import java.util.Optional;

/** What every part of a configuration is made from. */
record IstiodContext(
    VersionPreset preset,
    ImmutableMap<String, String> env,
    IstioManifests resources,
    PolicyIndex policies,
    MeshView view) {

  /** The Sidecar of a workload: one that selects it, else its namespace's, else the mesh's. */
  Optional<Sidecar> sidecar(ProxyNode node) {
    return resources.sidecars().stream()
        .filter(s -> !s.selector().isEmpty())
        .filter(s -> s.meta().namespace().equals(node.namespace()) && s.selects(node.labels()))
        .findFirst()
        .or(() -> unselective(node.namespace()))
        .or(() -> unselective(resources.mesh().rootNamespace()));
  }

  private Optional<Sidecar> unselective(String namespace) {
    return resources.sidecars().stream()
        .filter(s -> s.selector().isEmpty() && s.meta().namespace().equals(namespace))
        .findFirst();
  }

  boolean dialsPodAddress() {
    return preset.inboundTarget().podAddress(env, resources.mesh());
  }

  boolean registryOnly(ProxyNode node) {
    return sidecar(node).flatMap(Sidecar::registryOnly).orElse(resources.mesh().registryOnly());
  }

  /** What the HTTP inspector's findings are that go to routes: HTTP/1.0 only where it is taken. */
  ImmutableList<String> plainHttp() {
    return preset.sniffsHttp10() || takesHttp10()
        ? ImmutableList.of("http/1.0", "http/1.1", "h2c")
        : ImmutableList.of("http/1.1", "h2c");
  }

  /** Whether proxies take HTTP/1.0. */
  boolean takesHttp10() {
    String flag = env.getOrDefault("PILOT_HTTP10", "false");
    return flag.equals("1") || Boolean.parseBoolean(flag);
  }

  boolean flag(String name, boolean otherwise) {
    String value = env.get(name);
    return value == null ? otherwise : Boolean.parseBoolean(value);
  }

  /** The variable holds only if it is set; its listed default is not applied. */
  long inboundDetectionTimeout() {
    String text = env.get("PILOT_INBOUND_PROTOCOL_DETECTION_TIMEOUT");
    return text == null
        ? resources.mesh().protocolDetectionTimeoutNanos()
        : Choices.duration(JsonObject.EMPTY, "PILOT_INBOUND_PROTOCOL_DETECTION_TIMEOUT", text);
  }
}
