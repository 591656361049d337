package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.EnvVar;
import dev.sidecarsim.kube.Namespace;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodAdmission;
import dev.sidecarsim.kube.PodSpec;
import dev.sidecarsim.kube.PortRef;
import dev.sidecarsim.kube.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The sidecar injector of one revision: it gives pods {@code istio-init} and {@code istio-proxy}.
 */
public final class Injection implements PodAdmission {

  /** The label that tells istiod that a pod's sidecar takes mTLS. */
  public static final String TLS_MODE = "security.istio.io/tlsMode";

  static final String INIT = "istio-init";
  static final String PROXY = "istio-proxy";
  static final String STATUS = "sidecar.istio.io/status";

  /** The agent's list of the probes that it asks on the kubelet's behalf. */
  static final String PROBERS = "ISTIO_KUBE_APP_PROBERS";

  /** Envoy's user and group in every release's image. */
  static final long PROXY_ID = 1337;

  private final IstioVersion version;
  private final VersionPreset preset;
  private final boolean hold;

  /**
   * @param version of the sidecars' images
   * @param holdApplication whether the application's containers wait for the proxy
   */
  public Injection(IstioVersion version, boolean holdApplication) {
    this.version = version;
    this.preset = VersionPreset.of(version);
    this.hold = holdApplication;
  }

  /** Whether a pod has a sidecar already. */
  public static boolean injected(Pod pod) {
    return pod.spec().container(PROXY).isPresent();
  }

  /** Whether this pod would be given a sidecar. */
  public boolean selects(Pod pod, Namespace namespace) {
    return !injected(pod) && InjectionDecision.injects(pod, namespace, preset);
  }

  @Override
  public Admission admit(Pod pod, Namespace namespace) {
    if (!selects(pod, namespace)) {
      return new Admitted(pod);
    }
    SidecarAnnotations annotations = new SidecarAnnotations(pod.meta().annotations());
    Optional<String> fault = annotations.fault();
    if (fault.isPresent()) {
      return new Denied("sidecar injection of pod " + pod.name() + " failed: " + fault.get());
    }
    return new Admitted(inject(pod, annotations));
  }

  private Pod inject(Pod pod, SidecarAnnotations annotations) {
    List<ContainerSpec> init = new ArrayList<>();
    if (!annotations.mode().equals("NONE")) {
      init.add(
          ContainerSpec.builder(INIT, image())
              .args(
                  ImmutableList.<String>builder()
                      .add("istio-iptables")
                      .addAll(annotations.arguments())
                      .build())
              .runAs(OptionalLong.of(0), OptionalLong.of(0))
              .build());
    }
    init.addAll(pod.spec().initContainers());
    JsonObject.Builder probers = Json.object();
    List<ContainerSpec> main = new ArrayList<>();
    for (ContainerSpec container : pod.spec().containers()) {
      main.add(rewriteProbes(container, annotations.statusPort(), probers));
    }
    main.add(hold ? 0 : main.size(), proxy(annotations, probers.build()));
    PodSpec spec = pod.spec().withContainers(init, main);
    return pod.withSpec(spec).withMeta(marked(pod.meta()));
  }

  private ObjectMeta marked(ObjectMeta meta) {
    ObjectMeta labelled = meta.withLabel(InjectionDecision.REVISION, revision(version));
    if (!meta.labels().containsKey(TLS_MODE)) {
      labelled = labelled.withLabel(TLS_MODE, "istio");
    }
    String status =
        Json.object()
            .put("initContainers", Json.strings(List.of(INIT)))
            .put("containers", Json.strings(List.of(PROXY)))
            .put("revision", revision(version))
            .build()
            .compact();
    return labelled.withAnnotation(STATUS, status);
  }

  private ContainerSpec proxy(SidecarAnnotations annotations, JsonObject probers) {
    ContainerSpec.Builder builder =
        ContainerSpec.builder(PROXY, image())
            .args(List.of("proxy", "sidecar"))
            .env(List.of(EnvVar.of(PROBERS, probers.compact())))
            .runAs(OptionalLong.of(PROXY_ID), OptionalLong.of(PROXY_ID));
    if (annotations.statusPort() != 0) {
      builder.readiness(Optional.of(readiness()));
    }
    if (hold) {
      builder.postStart(Optional.of(new Probe.Exec(ImmutableList.of("pilot-agent", "wait"))));
    }
    return builder.build();
  }

  /** The template's own probe: after 1 s, every 2 s, given up after 30 failures. */
  private static Probe readiness() {
    Probe.HttpGet get =
        new Probe.HttpGet(
            Optional.empty(), "/healthz/ready", PortRef.of(15021), "HTTP", ImmutableList.of());
    return new Probe(get, 1, 2, 3, 1, 30);
  }

  private ContainerSpec rewriteProbes(
      ContainerSpec container, int statusPort, JsonObject.Builder probers) {
    if (statusPort == 0) {
      return container;
    }
    ProbeRewriter rewriter = new ProbeRewriter(container, statusPort, preset, probers);
    return container.toBuilder()
        .readiness(rewriter.rewrite(container.readiness(), "readyz"))
        .liveness(rewriter.rewrite(container.liveness(), "livez"))
        .startup(rewriter.rewrite(container.startup(), "startupz"))
        .build();
  }

  /** The name of a version's revision of the control plane, such as {@code 1-9-5}. */
  static String revision(IstioVersion version) {
    return version.toString().replace('.', '-');
  }

  private String image() {
    return "docker.io/istio/proxyv2:" + version;
  }
}
