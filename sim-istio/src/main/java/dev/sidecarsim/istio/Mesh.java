package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.envoy.Envoy;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ClusterSettings;
import dev.sidecarsim.kube.ClusterSpec;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodAdmission;
import dev.sidecarsim.kube.ProgramCatalog;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.sim.Network;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.ztunnel.Ztunnel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
  private final Revisions revisions;
  private final DataPlane dataPlane;
  private final Twins twins;
  private final ProgramCatalog programs;
  private final ClusterSettings settings;
  private final Releases releases;

  private Mesh(Builder builder) {
    manifests = AutomatedGateways.deployed(builder.manifests, builder.version);
    resources = builder.resources;
    revisions = new Revisions(builder.version, builder.upgrade, ImmutableMap.copyOf(builder.pods));
    dataPlane = builder.dataPlane;
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

  /** The version of the sidecar or node agent that a pod was made with; empty outside the mesh. */
  public static Optional<IstioVersion> versionOf(RunningPod pod) {
    return pod.spec()
        .spec()
        .container(SidecarContainers.PROXY)
        .flatMap(SidecarImages::versionOf)
        .or(() -> pod.attachment(IstioVersion.class));
  }

  /** Starts a run. */
  public Simulation<Cluster> start(Seed seed) {
    return Simulation.start(this::build, seed);
  }

  private Cluster build(Network network) {
    ControlPlane controlPlane = controlPlane();
    boolean meshed = !revisions.all().isEmpty();
    AmbientAgent agent =
        new AmbientAgent(revisions, releases, controlPlane, resources.cni(), network.seed());
    ClusterSpec spec =
        new ClusterSpec(
            manifests,
            meshed ? ImmutableList.of(admission(network), twins) : ImmutableList.of(twins),
            hasAmbient() ? ImmutableList.of(agent) : ImmutableList.of(),
            ProgramCatalog.of(
                ImmutableList.of(twins, new SidecarImages(controlPlane, releases), programs)),
            settings);
    Cluster cluster = Cluster.start(spec, network);
    controlPlane.attach(cluster);
    return cluster;
  }

  private PodAdmission admission(Network network) {
    return new MeshAdmission(
        revisions,
        releases,
        InjectorSettings.of(resources),
        dataPlane,
        () -> network.scheduler().now());
  }

  /** Whether the node agent is there: nobody installs it where no pod is for it. */
  private boolean hasAmbient() {
    return (dataPlane == DataPlane.AMBIENT || Ambient.wanted(manifests))
        && revisions.all().stream().anyMatch(each -> Ambient.in(releases.of(each)));
  }

  /** The versions of the istiods that there are at any time of a run. */
  public ImmutableSet<IstioVersion> versions() {
    return revisions.all();
  }

  private ControlPlane controlPlane() {
    ImmutableMap.Builder<String, Istiod> istiods = ImmutableMap.builder();
    for (IstioVersion each : versions()) {
      istiods.put(Injection.revision(each), new Istiod(releases.of(each), resources));
    }
    return new ControlPlane(
        istiods.buildOrThrow(), new Istiod(releases.of(revisions.standard()), resources), twins);
  }

  /** The Envoy of a pod; empty if it has no sidecar, or none that runs. */
  public static Optional<Envoy> envoy(Cluster cluster, RunningPod pod) {
    return cluster.application(pod, Envoy.class);
  }

  /** Whether a pod has a sidecar, and one that does not take HBONE. */
  public static boolean hasPlainSidecar(Pod pod) {
    return pod.meta().labels().containsKey(Injection.TLS_MODE) && !Hbone.takenBySidecar(pod);
  }

  /** The ztunnel of a pod; empty if it is not in ambient mode. */
  public static Optional<Ztunnel> ztunnel(RunningPod pod) {
    return pod.attachment(Ztunnel.class);
  }

  /** Collects a mesh. */
  public static final class Builder {
    private final Manifests manifests;
    private IstioManifests resources;
    private Optional<IstioVersion> version = Optional.empty();
    private Optional<Revisions.Upgrade> upgrade = Optional.empty();
    private DataPlane dataPlane = DataPlane.AS_LABELLED;
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
      upgrade = Optional.of(new Revisions.Upgrade(atNanos, to));
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

    /** Whether the pods of the mesh have sidecars, or are in ambient mode. */
    @CanIgnoreReturnValue
    public Builder dataPlane(DataPlane value) {
      dataPlane = value;
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
