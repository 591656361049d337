package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.kube.ManifestException;
import java.util.OptionalInt;

/**
 * The configuration that an istiod of one version gives to a sidecar: a pure function of what it
 * sees. The istiod's version decides, not the sidecar's.
 */
public final class Istiod {

  private final VersionPreset preset;
  private final IstioManifests resources;

  /**
   * @throws ManifestException for a resource that this version's webhook would refuse
   */
  public Istiod(Release release, IstioManifests resources) {
    this.preset = release.preset();
    this.resources = resources;
    if (!preset.inbound().podAddressEndpoint()) {
      resources.sidecars().forEach(Istiod::checkEndpoints);
    }
  }

  private static void checkEndpoints(Sidecar sidecar) {
    for (Sidecar.Ingress ingress : sidecar.ingress()) {
      if (ingress.defaultEndpoint().isEmpty()) {
        throw new ManifestException(
            ingress.tree().location(),
            "Sidecar "
                + sidecar.meta().name()
                + ": an ingress without defaultEndpoint is refused before Istio 1.10; set one");
      }
    }
  }

  public EnvoyConfig configure(ProxyNode node, MeshView view) {
    IstiodContext context = context(view);
    if (node.router()) {
      return router(new GatewayConfig(context, node));
    }
    if (node.isWaypoint()) {
      return new WaypointConfig(context, node).config(ImmutableList.of(blackHole()));
    }
    InboundConfig inbound = new InboundConfig(context, node);
    OutboundConfig outbound = new OutboundConfig(context, node);
    ImmutableList<Listener> own = inbound.listeners();
    ImmutableList<Listener> listeners =
        ImmutableList.<Listener>builder().addAll(outbound.listeners()).addAll(own).build();
    ImmutableList<Cluster> clusters =
        ImmutableList.<Cluster>builder()
            .addAll(outbound.clusters())
            .add(blackHole(), passthrough())
            .addAll(inbound.clusters())
            .build();
    return new EnvoyConfig(
        listeners, uniqueByName(clusters), outbound.endpoints(), outbound.routes());
  }

  /** What it tells the agent of a sidecar to answer of DNS. */
  NameTable names(ProxyNode node, MeshView view) {
    return new OutboundConfig(context(view), node).names();
  }

  private IstiodContext context(MeshView view) {
    PolicyIndex policies =
        new PolicyIndex(resources.peerAuthentications(), resources.mesh().rootNamespace());
    return new IstiodContext(preset, resources.istiodEnv(), resources, policies, seen(view));
  }

  /** What it tells ztunnels: workloads, services and policies. */
  WorkloadDiscovery workloads(MeshView view) {
    return new WorkloadDiscovery(preset, resources, seen(view));
  }

  private EnvoyConfig router(GatewayConfig gateway) {
    return gateway.with(
        uniqueByName(
            ImmutableList.<Cluster>builder()
                .addAll(gateway.clusters())
                .add(blackHole(), passthrough())
                .build()));
  }

  private MeshView seen(MeshView view) {
    return preset.outbound().discoverySelectors()
        ? view.discovered(resources.mesh().visibility())
        : view;
  }

  /** The subject of the certificate that it gives to a sidecar. */
  String identity(ProxyNode node) {
    return node.identity(resources.mesh().trustDomain());
  }

  private static ImmutableMap<String, Cluster> uniqueByName(ImmutableList<Cluster> clusters) {
    return Maps.uniqueIndex(clusters, Cluster::name);
  }

  private Cluster blackHole() {
    return Cluster.builder(InboundConfig.BLACK_HOLE, new Discovery.Static(ImmutableList.of()))
        .connectTimeout(resources.mesh().connectTimeoutNanos())
        .build();
  }

  /** Never mTLS, and from the pod's own address: the rules know Envoy by its user. */
  private Cluster passthrough() {
    return Cluster.builder(
            OutboundConfig.PASSTHROUGH, new Discovery.OriginalDst(OptionalInt.empty()))
        .connectTimeout(resources.mesh().connectTimeoutNanos())
        .protocolSelection(Cluster.ProtocolSelection.USE_DOWNSTREAM)
        .build();
  }
}
