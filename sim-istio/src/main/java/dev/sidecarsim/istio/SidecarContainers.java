package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.EnvVar;
import dev.sidecarsim.kube.PortRef;
import dev.sidecarsim.kube.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The containers that an injected pod is given (files/injection-template.yaml). */
final class SidecarContainers {

  /** Sets the rules up. */
  static final String INIT = "istio-init";

  /** Stands where the CNI plugin has set them up, and checks that it has. */
  static final String VALIDATION = "istio-validation";

  static final String PROXY = "istio-proxy";

  /** The agent's list of the probes that it asks on the kubelet's behalf. */
  static final String PROBERS = "ISTIO_KUBE_APP_PROBERS";

  /** How the proxy's connections come to it, which istiod wants to know. */
  static final String MODE = "ISTIO_META_INTERCEPTION_MODE";

  /** The agent's port for the kubelet. */
  static final String STATUS_PORT = "ISTIO_META_STATUS_PORT";

  /** The agent's ProxyConfig, as far as it decides here. */
  static final String CONFIG = "PROXY_CONFIG";

  /** The field of it that says how long Envoy goes on after SIGTERM. */
  static final String DRAIN = "terminationDrainDuration";

  /** Envoy's user and group in every release's image. */
  static final long PROXY_ID = 1337;

  private static final OptionalLong ROOT = OptionalLong.of(0);

  private final String image;
  private final SidecarAnnotations annotations;
  private final boolean cni;

  SidecarContainers(IstioVersion version, SidecarAnnotations annotations, boolean cni) {
    this.image = "docker.io/istio/proxyv2:" + version;
    this.annotations = annotations;
    this.cni = cni;
  }

  /** The container that sets the rules up; empty if nothing is captured. */
  Optional<ContainerSpec> init() {
    if (annotations.mode() == PodProxyConfig.InterceptionMode.NONE) {
      return Optional.empty();
    }
    ContainerSpec init =
        ContainerSpec.builder(cni ? VALIDATION : INIT, image)
            .args(
                ImmutableList.<String>builder()
                    .add("istio-iptables")
                    .addAll(annotations.arguments())
                    .build())
            .env(metadata())
            .runAs(ROOT, ROOT)
            .build();
    return Optional.of(init);
  }

  /**
   * The proxy.
   *
   * @param waits whether later containers wait for it
   * @param startup whether it has a startup probe
   * @param asSidecar whether Kubernetes knows it as a sidecar
   */
  ContainerSpec proxy(JsonObject probers, boolean waits, boolean startup, boolean asSidecar) {
    List<EnvVar> env = new ArrayList<>(metadata());
    env.add(EnvVar.of(PROBERS, probers.compact()));
    env.add(EnvVar.of(MODE, annotations.mode().name()));
    env.add(
        EnvVar.of(
            CONFIG,
            Json.object().put(DRAIN, annotations.config().terminationDrain()).build().compact()));
    env.add(EnvVar.of(STATUS_PORT, Integer.toString(annotations.statusPort())));
    ContainerSpec.Builder builder =
        ContainerSpec.builder(PROXY, image)
            .args(List.of("proxy", "sidecar"))
            .env(env)
            .runAs(user(), OptionalLong.of(PROXY_ID))
            .restartAlways(asSidecar);
    if (annotations.probesReadiness()) {
      builder.readiness(Optional.of(new Probe(ready(), 1, 2, 3, 1, 30)));
    }
    if (startup) {
      builder.startup(Optional.of(new Probe(ready(), 0, 1, 3, 1, 600)));
    }
    if (waits) {
      builder.postStart(Optional.of(new Probe.Exec(ImmutableList.of("pilot-agent", "wait"))));
    } else if (asSidecar) {
      builder.preStop(Optional.of(drain()));
    }
    return builder.build();
  }

  /** TPROXY needs the right to send from any address, which only root has. */
  private OptionalLong user() {
    return annotations.mode() == PodProxyConfig.InterceptionMode.TPROXY
        ? ROOT
        : OptionalLong.of(PROXY_ID);
  }

  private ImmutableList<EnvVar> metadata() {
    return annotations.config().metadata().entrySet().stream()
        .map(entry -> EnvVar.of(entry.getKey(), entry.getValue()))
        .collect(ImmutableList.toImmutableList());
  }

  /** It is told at once, and gets SIGTERM only when the containers have ended. */
  private Probe.Exec drain() {
    String port = "--debug-port=" + annotations.statusPort();
    return new Probe.Exec(ImmutableList.of("pilot-agent", "request", port, "POST", "drain"));
  }

  private static Probe.HttpGet ready() {
    return new Probe.HttpGet(
        Optional.empty(), "/healthz/ready", PortRef.of(15021), "HTTP", ImmutableList.of());
  }
}
