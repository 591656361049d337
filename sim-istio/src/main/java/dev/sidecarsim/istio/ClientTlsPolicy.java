package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.envoy.TransportSocket;
import java.util.Optional;

/** What a sidecar speaks to a service: as a DestinationRule says, else auto mTLS. */
final class ClientTlsPolicy {

  private static final String TLS_MODE = "tlsMode";

  private final boolean checksPolicies;
  private final boolean tunnels;
  private final boolean tunnelsFirst;
  private final IstioManifests resources;
  private final PolicyIndex policies;
  private final ProxyNode client;

  ClientTlsPolicy(IstiodContext context, ProxyNode client) {
    this.checksPolicies = context.autoMtlsChecksPolicies();
    this.tunnels = Hbone.sends(context, client);
    this.tunnelsFirst = Hbone.preferred(context);
    this.resources = context.resources();
    this.policies = context.policies();
    this.client = client;
  }

  /**
   * Sets what is spoken.
   *
   * @param asked what a DestinationRule says; empty for auto mTLS
   * @param subset the part of the service that is called; empty for all
   * @param addressCalled whether the address called is dialled, so that no endpoint is chosen
   */
  void apply(
      MeshService service,
      MeshService.Port port,
      Optional<TrafficPolicy.Tls> asked,
      String subset,
      boolean addressCalled,
      Cluster.Builder cluster) {
    boolean automatic = asked.isEmpty() && automatic(service, port);
    TransportSocket socket =
        automatic
            ? mutual(service, port, subset, "")
            : asked.map(tls -> socket(tls, service, port, subset)).orElse(TransportSocket.RAW);
    if (addressCalled || !(automatic || tunnels)) {
      // No endpoint is chosen, so none can say what it takes: the same for the whole cluster.
      cluster.transport(socket);
    } else {
      cluster.transportMatches(matches(socket, automatic));
    }
  }

  /** What the endpoints say that they take, tunnels first. */
  private ImmutableList<Cluster.TransportMatch> matches(TransportSocket socket, boolean automatic) {
    ImmutableList.Builder<Cluster.TransportMatch> matches = ImmutableList.builder();
    if (tunnels) {
      TransportSocket tunnel =
          new TransportSocket.UpstreamTunnel(
              client.identity(resources.mesh().trustDomain()), Hbone.PORT);
      matches.add(new Cluster.TransportMatch("hbone", EnvoyNames.TUNNELLED, tunnel));
    }
    if (automatic) {
      matches.add(
          new Cluster.TransportMatch("tlsMode-istio", ImmutableMap.of(TLS_MODE, "istio"), socket));
    }
    boolean users = !automatic && !socket.equals(TransportSocket.RAW);
    return matches
        .add(
            new Cluster.TransportMatch(
                users ? "tlsMode-user" : "tlsMode-disabled",
                ImmutableMap.of(),
                users ? socket : TransportSocket.RAW))
        .build();
  }

  private TransportSocket socket(
      TrafficPolicy.Tls asked, MeshService service, MeshService.Port port, String subset) {
    return switch (asked.mode()) {
      case DISABLE -> TransportSocket.RAW;
      case ISTIO_MUTUAL -> mutual(service, port, subset, asked.sni());
      case SIMPLE, MUTUAL -> new TransportSocket.UpstreamTls(ImmutableList.of(), asked.sni(), "");
    };
  }

  private TransportSocket mutual(
      MeshService service, MeshService.Port port, String subset, String sni) {
    ImmutableList<String> alpn =
        port.protocol() == ServiceProtocol.HTTP2
            ? ImmutableList.of("istio-peer-exchange", "istio", "h2")
            : ImmutableList.of("istio-peer-exchange", "istio");
    String own = "outbound_." + port.number() + "_." + subset + "_." + service.host();
    return new TransportSocket.UpstreamTls(
        alpn, sni.isEmpty() ? own : sni, client.identity(resources.mesh().trustDomain()));
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
    if (!instance.mutualTls() || !checksPolicies) {
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
    return new LbEndpoint(instance.host(), instance.port(), metadata(instance));
  }

  private ImmutableMap<String, String> metadata(MeshService.Instance instance) {
    if (tunnels && instance.tunnel() && (tunnelsFirst || !instance.mutualTls())) {
      return EnvoyNames.TUNNELLED;
    }
    return takesMutualTls(instance) ? ImmutableMap.of(TLS_MODE, "istio") : ImmutableMap.of();
  }
}
