package dev.sidecarsim.examples;

import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.failure.Harm;
import dev.sidecarsim.app.known.KnownApplications;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A shipped manifest, changed by a test, and a run of it. */
final class AppRun {

  private static final Path FOLDER = Path.of("src/main/resources/manifests");

  private String yaml = "";
  private Optional<IstioVersion> version = Optional.empty();
  private final java.util.Map<String, Optional<IstioVersion>> pods =
      new java.util.LinkedHashMap<>();

  private Consumer<Mesh.Builder> upgrade = mesh -> {};

  static AppRun of(String file) {
    return new AppRun().with(file);
  }

  /** Adds another shipped manifest. */
  AppRun with(String file) {
    try {
      return and(Files.readString(FOLDER.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds documents. */
  AppRun and(String documents) {
    yaml += (yaml.isEmpty() ? "" : "\n---\n") + documents;
    return this;
  }

  /** Changes the text; what is replaced must be there. */
  AppRun change(String from, String to) {
    if (!yaml.contains(from)) {
      throw new IllegalArgumentException("the manifest has no '" + from + "'");
    }
    yaml = yaml.replace(from, to);
    return this;
  }

  /** {@code none} or a version. */
  AppRun istio(String text) {
    version = text.equals("none") ? Optional.empty() : Optional.of(IstioVersion.of(text));
    return this;
  }

  AppRun pod(String name, String text) {
    pods.put(name, text.equals("none") ? Optional.empty() : Optional.of(IstioVersion.of(text)));
    return this;
  }

  /** From some second on another revision injects. */
  AppRun upgrade(int second, String text) {
    upgrade = mesh -> mesh.upgrade(Durations.seconds(second), Optional.of(IstioVersion.of(text)));
    return this;
  }

  World start() {
    return start(1);
  }

  World start(long seed) {
    Manifests manifests =
        ManifestReader.in("default").stream(
                new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test")
            .read();
    Mesh.Builder mesh = Mesh.of(manifests).istio(version).programs(KnownApplications.programs());
    pods.forEach(mesh::pod);
    upgrade.accept(mesh);
    return new World(mesh.start(new Seed(seed)));
  }

  /** The state after some seconds of an application. */
  FormationReport after(int seconds, String app) {
    return report(until(seconds), app);
  }

  World until(int seconds) {
    World world = start();
    world.runUntil(seconds);
    return world;
  }

  static FormationReport report(World world, String app) {
    ClusteredApp found = world.application(Optional.of(app));
    return found.report();
  }

  /** What a command prints. */
  static String exec(World world, String pod, String... command) {
    return world.exec(PodName.parse(pod), List.of(command)).output();
  }

  /** Kills a pod's program for good; the answer lets it start again. */
  static Consumer<Cluster> stop(World world, String pod) {
    return new Harm.Kill(Optional.empty(), true).strike(world.run(), List.of(pod));
  }

  /** Cuts a pod's cable; the answer mends it. */
  static Consumer<Cluster> cut(World world, String pod) {
    return Harm.cut().strike(world.run(), List.of(pod));
  }

  /** What a pod's program writes until some second. */
  List<String> logs(String pod, int seconds) {
    World world = start();
    world.perform(Cluster::keepOutput);
    world.runUntil(seconds);
    PodName name = PodName.parse(pod);
    return world.cluster().output(world.pod(name), world.container(name).name());
  }

  /** The addresses that acceptors saw, on one port. */
  static Set<String> peersSeen(FormationReport report, int port) {
    Set<String> peers = new TreeSet<>();
    for (Link link : report.connections()) {
      if (link.port() == port) {
        peers.add(link.peerSeen().toString());
      }
    }
    return peers;
  }
}
