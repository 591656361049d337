package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.app.known.KnownApplications;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.istio.Ambient;
import dev.sidecarsim.istio.DataPlane;
import dev.sidecarsim.istio.IstioManifests;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.istio.MeshConfig;
import dev.sidecarsim.istio.NativeNftables;
import dev.sidecarsim.istio.Twin;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.time.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What the user described: manifests and a mesh. Each run of it has a seed of its own. */
final class Experiment {

  private static final String NATIVE_NFTABLES =
      "native nftables (Istio 1.27 on, ambient mode 1.28 on): the equal rules of iptables stand for"
          + " them; rules generate prints theirs";

  private final ManifestOptions options;
  private final Console console;
  private final Manifests manifests;
  private final Map<PodName, Twin> twins;
  private final Mesh mesh;
  private final MeshParts parts;

  private Experiment(
      ManifestOptions options,
      MeshVersion istio,
      UnaryOperator<Mesh.Builder> settings,
      Console console,
      Manifests manifests) {
    this.options = options;
    this.console = console;
    this.manifests = manifests;
    this.twins = options.twins().read();
    this.mesh = settings.apply(mesh(options, istio, manifests, twins)).build();
    this.parts = new MeshParts(manifests, mesh);
    if (options.ambient()) {
      parts.checkAmbient();
    }
  }

  /** The experiment of a command line. */
  static Experiment of(ClusterOptions options, Console console) {
    return of(options.manifests(), options.istio(), console);
  }

  /** The experiment of some manifests and a mesh. */
  static Experiment of(ManifestOptions options, MeshVersion istio, Console console) {
    ManifestReader reader = ManifestReader.in(options.namespace());
    for (String file : options.files()) {
      if (file.equals("-")) {
        reader.stream(console.in(), "<stdin>");
      } else {
        reader.path(Path.of(file));
      }
    }
    return new Experiment(options, istio, UnaryOperator.identity(), console, reader.read());
  }

  /** The same under another version, with further settings of the mesh. */
  Experiment under(MeshVersion version, UnaryOperator<Mesh.Builder> settings) {
    return new Experiment(options, version, settings, console, manifests);
  }

  /** An experiment without further options. */
  static Experiment of(MeshVersion istio, Manifests manifests, Console console) {
    return new Experiment(
        new ManifestOptions(), istio, UnaryOperator.identity(), console, manifests);
  }

  private static Mesh.Builder mesh(
      ManifestOptions options, MeshVersion istio, Manifests manifests, Map<PodName, Twin> twins) {
    Mesh.Builder mesh =
        Mesh.of(manifests)
            .istio(istio.version())
            .istiodEnv(options.istiodEnv())
            .dataPlane(options.ambient() ? DataPlane.AMBIENT : DataPlane.AS_LABELLED)
            .programs(KnownApplications.programs());
    options.pods().forEach((pod, version) -> mesh.pod(pod.pod(), version.version()));
    twins.forEach((pod, twin) -> mesh.twin(pod.pod(), twin));
    options.meshConfig().ifPresent(file -> mesh.meshConfig(meshConfig(file)));
    return mesh;
  }

  private static MeshConfig meshConfig(Path file) {
    try {
      return IstioManifests.meshOf(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new BadInput("--mesh-config " + file + " cannot be read; check the path");
    }
  }

  /**
   * Starts a run.
   *
   * @throws BadInput if an option names a pod that is not there
   */
  World start() {
    return start(options.seed());
  }

  /** Starts a run with a seed of its own. */
  World start(long seed) {
    World world = new World(mesh.start(new Seed(seed)));
    options.pods().keySet().forEach(world::pod);
    options.twins().check(world);
    return world;
  }

  /** The configuration that a pod's sidecar has now; empty without one. */
  static Optional<EnvoyConfig> sidecar(World world, RunningPod pod) {
    return Mesh.envoy(world.cluster(), pod).map(envoy -> envoy.config());
  }

  /** The configurations of all sidecars, by the pod's name. */
  static ImmutableMap<String, EnvoyConfig> sidecars(World world) {
    ImmutableMap.Builder<String, EnvoyConfig> all = ImmutableMap.builder();
    for (RunningPod pod : world.cluster().pods()) {
      sidecar(world, pod).ifPresent(config -> all.put(pod.spec().meta().qualifiedName(), config));
    }
    return all.buildKeepingLast();
  }

  /** Tells on stderr what was taken for granted, refused, or is not modelled. */
  void tell(World world) {
    parts.remarks(world.cluster()).forEach(console::note);
    world.cluster().denials().forEach(console::note);
    world.cluster().assumptions().forEach(console::note);
    mesh.resources().undecided().forEach(document -> console.note(notModelled(document)));
    nativeNftables(world).forEach(console::note);
    options.twins().remarks(twins, world).forEach(console::note);
  }

  private Set<String> nativeNftables(World world) {
    Set<String> notes = new LinkedHashSet<>();
    for (RunningPod pod : world.cluster().pods()) {
      boolean ambient =
          Ambient.enrolled(pod.spec()) && mesh.resources().injector().nativeNftables();
      if (ambient || NativeNftables.in(pod.spec())) {
        notes.add(NATIVE_NFTABLES);
      }
      NativeNftables.difference(pod.spec()).ifPresent(notes::add);
    }
    return notes;
  }

  /** Something that is not modelled and could decide about connections of a pod. */
  Optional<NotModelled> undecided(RunningPod pod) {
    return mesh.resources()
        .undecided(pod.spec())
        .map(Experiment::notModelled)
        .or(() -> NativeNftables.difference(pod.spec()))
        .map(text -> new NotModelled(pod.name(), text));
  }

  private static String notModelled(Document document) {
    return document.location()
        + ": "
        + document.kind()
        + " "
        + document.meta().name()
        + " is not modelled; what it decides is unknown";
  }
}
