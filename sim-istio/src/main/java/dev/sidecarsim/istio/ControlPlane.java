package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.Envoy;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.ztunnel.Ztunnel;
import dev.sidecarsim.ztunnel.ZtunnelConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The istiods of one run, one for each revision: they watch the cluster and push configurations to
 * the sidecars that are connected.
 */
public final class ControlPlane {

  /** PILOT_DEBOUNCE_AFTER: how long istiod waits for more changes before it pushes. */
  static final long DEBOUNCE = Durations.millis(100);

  /** From a proxy's start to its first configuration: connecting, certificate, first push. */
  static final long FIRST_PUSH = Durations.millis(200);

  private final ImmutableMap<String, Istiod> byRevision;
  private final Istiod standard;
  private final Twins twins;
  private final Map<Envoy, Container> connected = new LinkedHashMap<>();
  private final Map<RunningPod, Tunnel> tunnels = new LinkedHashMap<>();
  private @Nullable Cluster cluster;
  private boolean pushPending;

  /** A ztunnel in a pod, and the istiod that it asks. */
  private record Tunnel(Ztunnel ztunnel, Istiod istiod) {}

  /**
   * @param byRevision istiods by the value of the pod label {@code istio.io/rev}
   * @param standard the istiod of pods of any other revision
   * @param twins pods whose proxies are told what real ones had been told
   */
  ControlPlane(ImmutableMap<String, Istiod> byRevision, Istiod standard, Twins twins) {
    this.byRevision = byRevision;
    this.standard = standard;
    this.twins = twins;
  }

  /** Starts to watch. */
  public void attach(Cluster watched) {
    cluster = watched;
    watched.watch(this::changed);
  }

  private void changed() {
    if (cluster != null && !pushPending) {
      pushPending = true;
      cluster.network().scheduler().after(DEBOUNCE, this::push);
    }
  }

  private void push() {
    pushPending = false;
    if (cluster != null && !(connected.isEmpty() && tunnels.isEmpty())) {
      MeshView view = view(cluster);
      ImmutableMap.copyOf(connected).forEach((envoy, container) -> push(envoy, container, view));
      pushToTunnels(view);
    }
  }

  /** Takes the ztunnel of a new pod, which has long been connected itself. */
  void connect(Ztunnel ztunnel, RunningPod pod, IstioVersion version) {
    Istiod istiod = byRevision.getOrDefault(Injection.revision(version), standard);
    tunnels.put(pod, new Tunnel(ztunnel, istiod));
    changed();
  }

  void disconnect(RunningPod pod) {
    tunnels.remove(pod);
  }

  private void pushToTunnels(MeshView view) {
    Map<Istiod, WorkloadDiscovery> told = new LinkedHashMap<>();
    ImmutableMap.copyOf(tunnels)
        .forEach(
            (pod, tunnel) -> {
              Istiod istiod = tunnel.istiod();
              WorkloadDiscovery all = told.computeIfAbsent(istiod, each -> each.workloads(view));
              ZtunnelConfig config = all.config(pod.spec());
              if (!tunnel.ztunnel().config().equals(Optional.of(config))) {
                tunnel.ztunnel().apply(config);
              }
            });
  }

  /** Takes a starting sidecar: it gets its first configuration, then every change. */
  void connect(Envoy envoy, Container container) {
    container
        .process()
        .after(
            FIRST_PUSH,
            () -> {
              connected.put(envoy, container);
              if (cluster != null) {
                push(envoy, container, view(cluster));
              }
            });
    container.process().onExit(code -> connected.remove(envoy));
  }

  private void push(Envoy envoy, Container container, MeshView view) {
    ImmutableList<IpAddress> ips =
        cluster == null
            ? ImmutableList.of()
            : cluster
                .pod(container.pod().namespace(), container.pod().name())
                .map(RunningPod::ips)
                .orElse(ImmutableList.of());
    ProxyNode node =
        new ProxyNode(container.pod(), ips.isEmpty() ? ImmutableList.of(container.podIp()) : ips);
    Istiod istiod = istiod(container.pod());
    DnsProxy.of(container.process().namespace())
        .ifPresent(names -> names.tell(istiod.names(node, view)));
    EnvoyConfig made = istiod.configure(node, view);
    EnvoyConfig config =
        twins
            .of(container.pod())
            .envoy()
            .map(dump -> dump.config(istiod.identity(node), made))
            .orElse(made);
    if (!config.equals(envoy.config())) {
      envoy.apply(config);
    }
  }

  private Istiod istiod(Pod pod) {
    Istiod own = byRevision.get(pod.meta().labels().getOrDefault(InjectionDecision.REVISION, ""));
    return own == null ? standard : own;
  }

  /** What istiod sees of a cluster now. */
  public static MeshView view(Cluster cluster) {
    ImmutableList.Builder<MeshView.Backed> services = ImmutableList.builder();
    cluster.services().forEach(s -> services.add(new MeshView.Backed(s, cluster.endpoints(s))));
    ImmutableMap.Builder<String, Pod> pods = ImmutableMap.builder();
    for (RunningPod pod : cluster.pods()) {
      Pod spec = pod.spec();
      Pod placed = new Pod(spec.meta(), spec.spec(), pod.ips(), spec.owner());
      pods.put(spec.namespace() + "/" + spec.name(), placed);
    }
    return MeshView.of(
        services.build(), pods.buildKeepingLast(), cluster::namespace, cluster.domain());
  }
}
