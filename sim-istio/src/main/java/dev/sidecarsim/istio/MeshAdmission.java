package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.rules.RuleChange;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Namespace;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodAdmission;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Gives each pod its part in the mesh: a sidecar, ambient mode, or none. */
final class MeshAdmission implements PodAdmission {

  private final Revisions revisions;
  private final Releases releases;
  private final ImmutableMap<IstioVersion, Injection> injections;
  private final CniSettings cni;
  private final DataPlane dataPlane;
  private final LongSupplier now;

  /**
   * @param now simulated time in nanoseconds
   */
  MeshAdmission(
      Revisions revisions,
      Releases releases,
      InjectorSettings settings,
      DataPlane dataPlane,
      LongSupplier now) {
    this.revisions = revisions;
    this.releases = releases;
    this.cni = settings.cni();
    this.dataPlane = dataPlane;
    this.now = now;
    ImmutableMap.Builder<IstioVersion, Injection> all = ImmutableMap.builder();
    revisions.all().forEach(v -> all.put(v, new Injection(v, releases.of(v), settings)));
    this.injections = all.buildOrThrow();
  }

  @Override
  public Admission admit(Pod pod, Namespace namespace) {
    Optional<IstioVersion> version = revisions.of(pod, now.getAsLong());
    return version.isPresent() ? admit(pod, namespace, version.get()) : new Admitted(pod);
  }

  private Admission admit(Pod pod, Namespace namespace, IstioVersion version) {
    Injection injection = Objects.requireNonNull(injections.get(version));
    boolean injected = injection.selects(pod, namespace);
    boolean enrolled = !excluded(pod, version) && enrolled(pod, namespace, injected);
    if (!injected && !enrolled) {
      return new Admitted(pod);
    }
    return switch (dataPlane) {
      case SIDECAR -> injection.inject(pod);
      case AMBIENT -> enrol(pod, version);
      case AS_LABELLED ->
          enrolled && Ambient.in(releases.of(version))
              ? enrol(pod, version)
              : injection.admit(pod, namespace);
    };
  }

  private Admission enrol(Pod pod, IstioVersion version) {
    return Ambient.in(releases.of(version)) ? new Admitted(Ambient.enrol(pod)) : new Admitted(pod);
  }

  private boolean excluded(Pod pod, IstioVersion version) {
    Release release = releases.of(version);
    return release.rules().has(RuleChange.AMBIENT_EXCLUDED_NAMESPACES)
        && cni.excludes(pod.namespace(), release.preset().injection());
  }

  /**
   * Whether labels put a pod into ambient mode. A sidecar comes first, as the webhook does; but of
   * a namespace that no manifest holds nothing is known, so there a pod's own word holds.
   */
  private static boolean enrolled(Pod pod, Namespace namespace, boolean injected) {
    boolean assumed = !namespace.documented() && Ambient.asks(pod);
    return Ambient.selects(pod, namespace) && (!injected || assumed);
  }
}
