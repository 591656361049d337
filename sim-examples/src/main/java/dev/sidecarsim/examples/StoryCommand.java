package dev.sidecarsim.examples;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code story}: the experiment, replayed. */
@Command(
    name = "story",
    mixinStandardHelpOptions = true,
    description =
        "Replays the experiment of \"StatefulSets made easier with Istio 1.10\": three ZooKeeper"
            + " servers with no mesh, with Istio 1.9.5, with Istio 1.10.0, and with mutual TLS"
            + " only.")
final class StoryCommand implements Callable<Integer> {

  private static final String OPENING =
      """
      A ZooKeeper ensemble, with and without sidecars
      ===============================================

      Three ZooKeeper servers form a StatefulSet. Each names itself by its headless DNS name, so
      its quorum ports 2888 and 3888 listen on the pod's address only, and 2181 on every address.
      Two Services declare all three ports. The same manifests run four times, each time for 90
      simulated seconds; everything below was asked of the simulated cluster then.

      """;

  private final Console console;

  @Mixin private final FormatOption format = new FormatOption();

  StoryCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<SceneReport> scenes = scenes().stream().map(Scene::play).toList();
    console.out().print(format.json() ? json(scenes).pretty() + "\n" : text(scenes));
    return ExitCode.FINE;
  }

  private static Json json(List<SceneReport> scenes) {
    return Json.object()
        .put("scenes", Json.array(scenes.stream().map(SceneReport::json).toList()))
        .build();
  }

  private static String text(List<SceneReport> scenes) {
    StringBuilder out = new StringBuilder(OPENING);
    scenes.forEach(scene -> out.append(scene.text()));
    return out.toString();
  }

  private List<Scene> scenes() {
    return List.of(
        new Scene(
            "1. No mesh",
            "Without sidecars every server dials the others' addresses, and they answer.",
            experiment("none", "zookeeper.yaml")),
        new Scene(
            "2. Istio 1.9.5",
            """
            The sidecar of 1.9 passes what comes in to 127.0.0.1, where nothing listens on 3888.
            The dialling server sees its connection accepted, then broken: no vote ever arrives.""",
            experiment("1.9.5", "zookeeper.yaml")),
        new Scene(
            "3. Istio 1.10.0",
            """
            The sidecar of 1.10 passes what comes in to the pod's address, from 127.0.0.6.
            No manifest was changed.""",
            experiment("1.10.0", "zookeeper.yaml")),
        new Scene(
            "4. Istio 1.10.0, mutual TLS only",
            """
            A PeerAuthentication of mode STRICT refuses plaintext in the whole namespace. The servers
            do not notice: every one of their connections is inside mutual TLS already.""",
            experiment("1.10.0", "zookeeper.yaml", "strict.yaml")));
  }

  private Experiment experiment(String version, String... files) {
    ManifestReader reader = ManifestReader.in("default");
    for (String file : files) {
      reader.text(resource(file), file);
    }
    Manifests manifests = reader.read();
    return Experiment.of(MeshVersion.of(version), manifests, console);
  }

  private static String resource(String file) {
    try (InputStream in = StoryCommand.class.getResourceAsStream("/manifests/" + file)) {
      if (in == null) {
        throw new IllegalStateException("/manifests/" + file + " is missing in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
