package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.envoy.Envoy;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ClusterSettings;
import dev.sidecarsim.kube.ClusterSpec;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.Namespace;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodAdmission;
import dev.sidecarsim.kube.ProgramCatalog;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.sim.Network;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster with Istio: manifests, and the version of each pod's sidecar and istiod.
 *
 * <pre>{@code
 * Simulation<Cluster> run = Mesh.of(manifests).istio("1.9.5").start(Seed.DEFAULT);
 * run.runUntil(Durations.seconds(60));
 * }</pre>
 *
 * <p>It is a spec: it can be started any number of times.
 */
public final class Mesh {

  private final Manifests manifests;
  private final IstioManifests resources;
  private final Optional<IstioVersion> version;
  private final Optional<Upgrade> upgrade;
  private final ImmutableMap<String, Optional<IstioVersion>> pods;
  private final Twins twins;
  private final ProgramCatalog programs;
  private final ClusterSettings settings;
  private final Releases releases;

  /** From when on another revision injects, and which. */
  private record Upgrade(long atNanos, Optional<IstioVersion> to) {
    Upgrade {
      if (atNanos < 0) {
        throw new IllegalArgumentException(
            "the upgrade is at " + atNanos + " ns; write a time since the start, from 0 on");
      }
    }
  }

  private Mesh(Builder builder) {
    manifests = builder.manifests;
    resources = builder.resources;
    version = builder.version;
    upgrade = builder.upgrade;
    pods = ImmutableMap.copyOf(builder.pods);
    twins = new Twins(builder.twins);
    programs = builder.programs;
    settings = builder.settings;
    releases = builder.releases;
  }

  /**
   * Starts from manifests, without any sidecar so far.
   *
   * @throws dev.sidecarsim.kube.ManifestException for a resource that Istio would refuse
   */
  public static Builder of(Manifests manifests) {
    return new Builder(manifests);
  }

  /** Istio's own resources among the manifests. */
  public IstioManifests resources() {
    return resources;
  }

  /**
   * The version of the sidecar of a pod that is made at an instant, if it is to have one; injection
   * may still decide otherwise.
   */
  private Optional<IstioVersion> versionOf(Pod pod, long nowNanos) {
    Optional<IstioVersion> own = pods.get(pod.name() + "." + pod.namespace());
    if (own == null) {
      own = pods.get(pod.name());
    }
    return own == null ? versionAt(nowNanos) : own;
  }

  private Optional<IstioVersion> versionAt(long nowNanos) {
    return upgrade.filter(change -> nowNanos >= change.atNanos()).map(Upgrade::to).orElse(version);
  }

  /** The version of the sidecar that a pod was made with; empty if it has none. */
  public static Optional<IstioVersion> sidecarOf(Pod pod) {
    return pod.spec().container(SidecarContainers.PROXY).flatMap(SidecarImages::versionOf);
  }

  /** Starts a run. */
  public Simulation<Cluster> start(Seed seed) {
    return Simulation.start(this::build, seed);
  }

  private Cluster build(Network network) {
    ControlPlane controlPlane = controlPlane();
    ImmutableSet<IstioVersion> versions = versions();
    ImmutableList<PodAdmission> admissions =
        versions.isEmpty()
            ? ImmutableList.of(twins)
            : ImmutableList.of(admission(versions, network), twins);
    ClusterSpec spec =
        new ClusterSpec(
            manifests,
            admissions,
            ImmutableList.of(),
            ProgramCatalog.of(
                ImmutableList.of(twins, new SidecarImages(controlPlane, releases), programs)),
            settings);
    Cluster cluster = Cluster.start(spec, network);
    controlPlane.attach(cluster);
    return cluster;
  }

  /** The versions of the istiods that there are at any time of a run. */
  public ImmutableSet<IstioVersion> versions() {
    ImmutableSet.Builder<IstioVersion> all = ImmutableSet.builder();
    version.ifPresent(all::add);
    upgrade.flatMap(Upgrade::to).ifPresent(all::add);
    pods.values().forEach(own -> own.ifPresent(all::add));
    return all.build();
  }

  private ControlPlane controlPlane() {
    ImmutableMap.Builder<String, Istiod> istiods = ImmutableMap.builder();
    for (IstioVersion each : versions()) {
      istiods.put(Injection.revision(each), new Istiod(releases.of(each), resources));
    }
    IstioVersion standard =
        version
            .or(() -> upgrade.flatMap(Upgrade::to))
            .orElse(new IstioVersion(IstioVersion.LAST_MINOR, 0));
    return new ControlPlane(
        istiods.buildOrThrow(), new Istiod(releases.of(standard), resources), twins);
  }

  private PodAdmission admission(Set<IstioVersion> versions, Network network) {
    Map<IstioVersion, Injection> injections = new LinkedHashMap<>();
    for (IstioVersion each : versions) {
      injections.put(each, new Injection(each, releases.of(each), InjectorSettings.of(resources)));
    }
    return new PodAdmission() {
      @Override
      public Admission admit(Pod pod, Namespace namespace) {
        long now = network.scheduler().now();
        Optional<Injection> own = versionOf(pod, now).map(injections::get);
        return own.isPresent() ? own.get().admit(pod, namespace) : new Admitted(pod);
      }
    };
  }

  /** The Envoy of a pod; empty if it has no sidecar, or none that runs. */
  public static Optional<Envoy> envoy(Cluster cluster, RunningPod pod) {
    return cluster.application(pod, Envoy.class);
  }

  /** Collects a mesh. */
  public static final class Builder {
    private final Manifests manifests;
    private IstioManifests resources;
    private Optional<IstioVersion> version = Optional.empty();
    private Optional<Upgrade> upgrade = Optional.empty();
    private final Map<String, Optional<IstioVersion>> pods = new LinkedHashMap<>();
    private final Map<String, Twin> twins = new LinkedHashMap<>();
    private ProgramCatalog programs = ProgramCatalog.NONE;
    private ClusterSettings settings = ClusterSettings.DEFAULT;
    private Releases releases = Releases.AS_RELEASED;

    private Builder(Manifests manifests) {
      this.manifests = manifests;
      this.resources = IstioManifests.of(manifests);
    }

    /** The version of every sidecar and istiod. */
    @CanIgnoreReturnValue
    public Builder istio(String text) {
      return istio(Optional.of(IstioVersion.of(text)));
    }

    /** The version of every sidecar and istiod; empty for no Istio. */
    @CanIgnoreReturnValue
    public Builder istio(Optional<IstioVersion> value) {
      version = value;
      return this;
    }

    /**
     * Makes another revision the one that injects: pods made from an instant on get its sidecar and
     * its istiod, those that there are keep theirs, as in a canary upgrade.
     *
     * @param atNanos simulated time since the start, not before 0
     * @param to empty: pods made from then on get no sidecar
     */
    @CanIgnoreReturnValue
    public Builder upgrade(long atNanos, Optional<IstioVersion> to) {
      upgrade = Optional.of(new Upgrade(atNanos, to));
      return this;
    }

    /**
     * Gives one pod its own sidecar and istiod.
     *
     * @param name {@code NAME} or {@code NAME.NAMESPACE}
     * @param value empty for no sidecar
     */
    @CanIgnoreReturnValue
    public Builder pod(String name, Optional<IstioVersion> value) {
      pods.put(name, value);
      return this;
    }

    /**
     * Gives a pod what a real one had.
     *
     * @param name {@code NAME} or {@code NAME.NAMESPACE} of the pod, or of what owns it
     */
    @CanIgnoreReturnValue
    public Builder twin(String name, Twin twin) {
      twins.put(name, twin);
      return this;
    }

    /** Variables of every istiod. */
    @CanIgnoreReturnValue
    public Builder istiodEnv(Map<String, String> env) {
      resources = resources.withIstiodEnv(env);
      return this;
    }

    /** The mesh configuration, in place of the manifests'. */
    @CanIgnoreReturnValue
    public Builder meshConfig(MeshConfig mesh) {
      resources = resources.withMesh(mesh);
      return this;
    }

    /** Where declared ports are dialled, asked for in the way of every version. */
    @CanIgnoreReturnValue
    public Builder inbound(InboundPolicy policy) {
      resources = policy.askedOf(resources);
      return this;
    }

    /** What the applications' images do. */
    @CanIgnoreReturnValue
    public Builder programs(ProgramCatalog catalog) {
      programs = catalog;
      return this;
    }

    /** What each version does, where it is not what was released. */
    @CanIgnoreReturnValue
    public Builder releases(Releases value) {
      releases = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder settings(ClusterSettings value) {
      settings = value;
      return this;
    }

    public Mesh build() {
      return new Mesh(this);
    }

    /** Builds the mesh and starts a run. */
    public Simulation<Cluster> start(Seed seed) {
      return build().start(seed);
    }
  }
}
