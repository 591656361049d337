package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.Namespace;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodAdmission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sidecar injector of one revision: it gives pods {@code istio-init} and {@code istio-proxy}.
 */
public final class Injection implements PodAdmission {

  /** The label that tells istiod that a pod's sidecar takes mTLS. */
  public static final String TLS_MODE = "security.istio.io/tlsMode";

  static final String STATUS = "sidecar.istio.io/status";

  private final IstioVersion version;
  private final VersionPreset preset;
  private final InjectorSettings settings;

  /**
   * @param version of the sidecars' images
   * @param settings the mesh's
   */
  public Injection(IstioVersion version, InjectorSettings settings) {
    this(version, Release.of(version), settings);
  }

  Injection(IstioVersion version, Release release, InjectorSettings settings) {
    this.version = version;
    this.preset = release.preset();
    this.settings = settings;
  }

  /** Whether a pod has a sidecar already. */
  public static boolean injected(Pod pod) {
    return pod.spec()
        .container(SidecarContainers.PROXY)
        .filter(proxy -> !Router.isBlank(proxy))
        .isPresent();
  }

  /** Whether this pod would be given a sidecar. */
  public boolean selects(Pod pod, Namespace namespace) {
    return !injected(pod) && InjectionDecision.injects(pod, namespace, preset.injection());
  }

  @Override
  public Admission admit(Pod pod, Namespace namespace) {
    return selects(pod, namespace) ? inject(pod) : new Admitted(pod);
  }

  /** Gives a pod a sidecar, whatever selects it. */
  Admission inject(Pod pod) {
    if (Router.asked(pod)) {
      return new Admitted(router(pod));
    }
    SidecarAnnotations annotations =
        new SidecarAnnotations(pod.meta().annotations(), settings, preset.annotations());
    Optional<String> fault = annotations.fault();
    if (fault.isPresent()) {
      return new Denied("sidecar injection of pod " + pod.name() + " failed: " + fault.get());
    }
    Optional<String> noStart =
        new SidecarPlugin(settings, preset.injection()).fault(pod, annotations);
    if (noStart.isPresent()) {
      return new Denied("pod " + pod.name() + " " + noStart.get());
    }
    return new Admitted(inject(pod, annotations));
  }

  /** A router takes no rules, and no label that says that it takes mTLS. */
  private Pod router(Pod pod) {
    return pod.withSpec(
            pod.spec().withContainers(pod.spec().initContainers(), Router.containers(pod, version)))
        .withMeta(status(pod.meta().withLabel(InjectionDecision.REVISION, revision(version))));
  }

  /**
   * Puts the containers in order as the webhook does ({@code reorderPod()} of
   * pkg/kube/inject/webhook.go): istio-init comes after the pod's own init containers, so that what
   * they call is not captured, istio-validation before them, and with a native sidecar both the
   * rules and the proxy are there before them.
   */
  private Pod inject(Pod pod, SidecarAnnotations annotations) {
    JsonObject.Builder probers = Json.object();
    List<ContainerSpec> main = new ArrayList<>();
    for (ContainerSpec container : pod.spec().containers()) {
      main.add(
          annotations.rewritesProbes()
              ? rewriteProbes(container, annotations, probers)
              : container);
    }
    SidecarContainers sidecar =
        new SidecarContainers(version, annotations, settings.values().cni());
    boolean asSidecar = annotations.nativeSidecar();
    boolean hold = annotations.config().holdApplication() && !asSidecar;
    ContainerSpec proxy =
        sidecar.proxy(probers.build(), hold, preset.probes().startupProbe(), asSidecar);
    List<ContainerSpec> init = new ArrayList<>(pod.spec().initContainers());
    if (asSidecar) {
      init.add(0, proxy);
    } else {
      main.add(hold ? 0 : main.size(), proxy);
    }
    sidecar
        .init()
        .ifPresent(
            rules -> init.add(asSidecar || settings.values().cni() ? 0 : init.size(), rules));
    return pod.withSpec(pod.spec().withContainers(init, main)).withMeta(marked(pod.meta(), proxy));
  }

  private ObjectMeta marked(ObjectMeta meta, ContainerSpec proxy) {
    ObjectMeta labelled = meta.withLabel(InjectionDecision.REVISION, revision(version));
    if (!meta.labels().containsKey(TLS_MODE)) {
      labelled = labelled.withLabel(TLS_MODE, "istio");
    }
    if (proxy.literalEnv(Hbone.TAKES).filter("true"::equals).isPresent()
        && !meta.labels().containsKey(Hbone.LABEL)) {
      labelled = labelled.withLabel(Hbone.LABEL, Hbone.HTTP);
    }
    return status(labelled);
  }

  private ObjectMeta status(ObjectMeta meta) {
    String status =
        Json.object()
            .put("initContainers", Json.strings(List.of(SidecarContainers.INIT)))
            .put("containers", Json.strings(List.of(SidecarContainers.PROXY)))
            .put("revision", revision(version))
            .build()
            .compact();
    return meta.withAnnotation(STATUS, status);
  }

  private ContainerSpec rewriteProbes(
      ContainerSpec container, SidecarAnnotations annotations, JsonObject.Builder probers) {
    int statusPort = annotations.probedPort();
    if (statusPort == 0) {
      return container;
    }
    ProbeRewriter rewriter = new ProbeRewriter(container, statusPort, preset.probes(), probers);
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
}
