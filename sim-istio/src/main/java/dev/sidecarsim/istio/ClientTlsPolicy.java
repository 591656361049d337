package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.envoy.TransportSocket;
import java.util.Optional;
import java.util.stream.Stream;

/** What a sidecar speaks to a service: as a DestinationRule says, else auto mTLS. */
final class ClientTlsPolicy {

  private static final String TLS_MODE = "tlsMode";

  private final VersionPreset preset;
  private final IstioManifests resources;
  private final PolicyIndex policies;
  private final String domain;
  private final ProxyNode client;

  ClientTlsPolicy(
      VersionPreset preset,
      IstioManifests resources,
      PolicyIndex policies,
      String domain,
      ProxyNode client) {
    this.preset = preset;
    this.resources = resources;
    this.policies = policies;
    this.domain = domain;
    this.client = client;
  }

  void apply(MeshService service, MeshService.Port port, Cluster.Builder cluster) {
    Optional<DestinationRule.ClientTls> asked = destinationRule(service, port.number());
    if (asked.isPresent()) {
      cluster.transport(socket(asked.get(), service, port));
    } else if (automatic(service, port)) {
      TransportSocket tls = mutual(service, port);
      if (service.resolution() == MeshService.Resolution.PASSTHROUGH) {
        // No endpoint is chosen, so none can say what it takes: TLS for the whole cluster.
        cluster.transport(tls);
      } else {
        cluster.transportMatches(matches(tls));
      }
    }
  }

  private static ImmutableList<Cluster.TransportMatch> matches(TransportSocket tls) {
    return ImmutableList.of(
        new Cluster.TransportMatch("tlsMode-istio", ImmutableMap.of(TLS_MODE, "istio"), tls),
        new Cluster.TransportMatch("tlsMode-disabled", ImmutableMap.of(), TransportSocket.RAW));
  }

  private TransportSocket socket(
      DestinationRule.ClientTls asked, MeshService service, MeshService.Port port) {
    return switch (asked) {
      case DISABLE -> TransportSocket.RAW;
      case ISTIO_MUTUAL -> mutual(service, port);
      case SIMPLE, MUTUAL -> new TransportSocket.UpstreamTls(ImmutableList.of(), "", "");
    };
  }

  private TransportSocket mutual(MeshService service, MeshService.Port port) {
    ImmutableList<String> alpn =
        port.protocol() == ServiceProtocol.HTTP2
            ? ImmutableList.of("istio-peer-exchange", "istio", "h2")
            : ImmutableList.of("istio-peer-exchange", "istio");
    return new TransportSocket.UpstreamTls(
        alpn,
        "outbound_." + port.number() + "_._." + service.host(),
        client.identity(resources.mesh().trustDomain()));
  }

  /** A rule of the client's namespace, else of the service's, else of the root namespace. */
  private Optional<DestinationRule.ClientTls> destinationRule(MeshService service, int port) {
    return Stream.of(client.namespace(), service.namespace(), resources.mesh().rootNamespace())
        .flatMap(
            namespace ->
                resources.destinationRules().stream()
                    .filter(rule -> rule.meta().namespace().equals(namespace))
                    .filter(rule -> rule.covers(service.host(), domain)))
        .findFirst()
        .flatMap(rule -> rule.tlsFor(port));
  }

  /**
   * {@code BestEffortInferServiceMTLSMode}: of the endpoints only their label counts, and no policy
   * of a workload or a port is looked at.
   */
  private boolean automatic(MeshService service, MeshService.Port port) {
    if (!resources.mesh().enableAutoMtls() || service.external()) {
      return false;
    }
    boolean passthrough = service.resolution() == MeshService.Resolution.PASSTHROUGH;
    if (passthrough
        && (port.instances().isEmpty()
            || port.instances().stream().anyMatch(instance -> !instance.mutualTls()))) {
      return false;
    }
    return policies.namespaceMode(service.namespace()) != TlsMode.DISABLE;
  }

  private boolean takesMutualTls(MeshService.Instance instance) {
    if (!instance.mutualTls() || !preset.autoMtlsChecksPolicies()) {
      return instance.mutualTls();
    }
    return instance
        .pod()
        .map(pod -> policies.portMode(pod.namespace(), pod.labels(), instance.port()))
        .map(mode -> mode != TlsMode.DISABLE)
        .orElse(true);
  }

  /** An instance as Envoy gets it. */
  LbEndpoint endpoint(MeshService.Instance instance) {
    return new LbEndpoint(
        instance.host(),
        instance.port(),
        takesMutualTls(instance) ? ImmutableMap.of(TLS_MODE, "istio") : ImmutableMap.of());
  }
}
