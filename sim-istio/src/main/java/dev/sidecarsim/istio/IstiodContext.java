package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/** What every part of a configuration is made from. */
record IstiodContext(
    VersionPreset preset,
    ImmutableMap<String, String> env,
    IstioManifests resources,
    PolicyIndex policies,
    MeshView view)
    implements OutboundListener.Setting {

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
    return preset.inbound().inboundTarget().podAddress(env, resources.mesh());
  }

  boolean registryOnly(ProxyNode node) {
    return sidecar(node).flatMap(Sidecar::registryOnly).orElse(resources.mesh().registryOnly());
  }

  /** What the HTTP inspector's findings are that go to routes: HTTP/1.0 only where it is taken. */
  @Override
  public ImmutableList<String> plainHttp() {
    return preset.listeners().sniffsHttp10() || takesHttp10()
        ? ImmutableList.of("http/1.0", "http/1.1", "h2c")
        : ImmutableList.of("http/1.1", "h2c");
  }

  /** Whether proxies take HTTP/1.0. */
  @Override
  public boolean takesHttp10() {
    String flag = env.getOrDefault("PILOT_HTTP10", "false");
    return flag.equals("1") || Boolean.parseBoolean(flag);
  }

  /** Whether virtual listeners guard their own ports. */
  boolean blocksLoops() {
    return preset.listeners().loopBlocker()
        && (!preset.listeners().loopBlockerFlag() || flag("PILOT_ENABLE_LOOP_BLOCKER", true));
  }

  /** Where a virtual listener listens: on one family, or with the dual-stack flag on both. */
  ImmutableList<Endpoint> virtualAddresses(ProxyNode node, int port) {
    Endpoint v4 = new Endpoint(IpAddress.ANY_V4, port);
    Endpoint v6 = new Endpoint(IpAddress.ANY_V6, port);
    if (node.hasV4()
        && node.hasV6()
        && preset.listeners().dualStack()
        && flag("ISTIO_DUAL_STACK", false)) {
      return ImmutableList.of(v4, v6);
    }
    return ImmutableList.of(node.hasV4() ? v4 : v6);
  }

  /** Where proxies listen for what is redirected to them. */
  CapturePorts capturePorts() {
    return resources.mesh().ports().known(true, preset.listeners().inboundPortSetting());
  }

  /** Whether clients choose among the instances of a headless service. */
  boolean balancesHeadless() {
    return flag("PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES", false);
  }

  /** Whether an endpoint whose own policy is DISABLE counts as plaintext. */
  boolean autoMtlsChecksPolicies() {
    return preset.outbound().autoMtlsChecksPolicies()
        && (!preset.outbound().autoMtlsCheckFlag()
            || flag("ENABLE_AUTO_MTLS_CHECK_POLICIES", true));
  }

  /** Whether clients' proxies try again after an upstream's 503. */
  boolean retriesAfter503() {
    return preset.outbound().retriesAfter503()
        || !flag("EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY", true);
  }

  /** Whether a Service's ports stay declared beside those of a Sidecar. */
  boolean mergesIngress() {
    return preset.inbound().mergesIngress()
        && flag("PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE", false);
  }

  /** What an outbound listener takes a port to speak: without sniffing, TCP where nobody says. */
  ServiceProtocol outbound(ServiceProtocol told) {
    return unsniffed(told, "PILOT_ENABLE_PROTOCOL_SNIFFING_FOR_OUTBOUND");
  }

  /** What an inbound listener takes a port to speak. */
  ServiceProtocol inbound(ServiceProtocol told) {
    return unsniffed(told, "PILOT_ENABLE_PROTOCOL_SNIFFING_FOR_INBOUND");
  }

  private ServiceProtocol unsniffed(ServiceProtocol told, String flag) {
    boolean off = preset.listeners().sniffingFlags() && !flag(flag, true);
    return told == ServiceProtocol.AUTO && off ? ServiceProtocol.TCP : told;
  }

  /** Whether a Host header's port is passed over where requests find their routes. */
  boolean ignoresHostPort() {
    boolean standard = preset.outbound().ignoresHostPort();
    return preset.outbound().hostPortFlag()
        ? flag("SIDECAR_IGNORE_PORT_IN_HOST_MATCH", standard)
        : standard;
  }

  /** What stands in the place of tcp_proxy for a protocol that Envoy itself speaks. */
  Optional<NetworkFilter> spoken(ServiceProtocol protocol) {
    return protocol == ServiceProtocol.REDIS && flag("PILOT_ENABLE_REDIS_FILTER", false)
        ? Optional.of(new NetworkFilter.Unmodelled("redis_proxy (PILOT_ENABLE_REDIS_FILTER)"))
        : Optional.empty();
  }

  boolean flag(String name, boolean otherwise) {
    String value = env.get(name);
    return value == null ? otherwise : Boolean.parseBoolean(value);
  }

  /** The variable holds only if it is set; its listed default is not applied. */
  long inboundDetectionTimeout() {
    String text = env.get("PILOT_INBOUND_PROTOCOL_DETECTION_TIMEOUT");
    return text == null || !preset.inbound().detectionTimeoutFlag()
        ? resources.mesh().protocolDetectionTimeoutNanos()
        : Choices.duration(JsonObject.EMPTY, "PILOT_INBOUND_PROTOCOL_DETECTION_TIMEOUT", text);
  }
}
