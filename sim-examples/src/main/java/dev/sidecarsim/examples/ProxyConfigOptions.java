package dev.sidecarsim.examples;

import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.istio.Bootstrap;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.kube.RunningPod;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The options of every {@code proxy-config} command: whose configuration, when, and of what port.
 */
final class ProxyConfigOptions {

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "POD", converter = Options.PodReader.class, description = "The pod.")
  private PodName pod = PodName.parse("-");

  @Option(names = "--port", paramLabel = "P", description = "Only those of this port.")
  private Optional<Integer> port = Optional.empty();

  @Mixin private final InstantOption instant = new InstantOption();

  /** The words for how an answer is printed; short is istioctl's word for a table. */
  private enum Format {
    TEXT,
    SHORT,
    JSON,
    YAML
  }

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "text (or short, as istioctl says), json or yaml. Default: text.")
  private Format format = Format.TEXT;

  /** What the pod's Envoy was told by the moment that was asked for. */
  EnvoyConfig told(Console console) {
    return ask(console, (told, running) -> told);
  }

  /** What the pod's Envoy has: what it was told, and its bootstrap. */
  EnvoyConfig config(Console console) {
    return ask(console, ProxyConfigOptions::withBootstrap);
  }

  private static EnvoyConfig withBootstrap(EnvoyConfig told, RunningPod running) {
    return Mesh.versionOf(running)
        .map(version -> Bootstrap.with(told, version, running.ip().v6()))
        .orElse(told);
  }

  private EnvoyConfig ask(Console console, BiFunction<EnvoyConfig, RunningPod, EnvoyConfig> form) {
    port();
    Experiment experiment = Experiment.of(cluster, console);
    World world = experiment.start();
    world.pod(pod);
    world.runUntil(instant.seconds());
    EnvoyConfig told =
        Experiment.sidecar(world, world.pod(pod))
            .orElseThrow(() -> new BadInput(nothingToAsk(world)));
    experiment.tell(world);
    return form.apply(told, world.pod(pod));
  }

  private String nothingToAsk(World world) {
    return "pod "
        + pod
        + (Mesh.ztunnel(world.pod(pod)).isPresent()
            ? " is in ambient mode: it has no Envoy, its node's ztunnel is its proxy"
            : " has no sidecar to ask");
  }

  /**
   * The port.
   *
   * @throws BadInput if it is none
   */
  OptionalInt port() {
    if (port.isPresent() && (port.get() < 1 || port.get() > 65535)) {
      throw new BadInput(
          "--port " + port.get() + " is out of range; a port is a number from 1 to 65535");
    }
    return port.isPresent() ? OptionalInt.of(port.get()) : OptionalInt.empty();
  }

  /** Whether a tree is to be printed, and no table. */
  boolean tree() {
    return format == Format.JSON || format == Format.YAML;
  }

  /** A tree in the form that was asked for. */
  String print(Json tree) {
    return format == Format.YAML ? YamlPrinter.print(tree) : tree.pretty() + "\n";
  }

  IstioctlPreset istioctl() {
    return IstioctlPreset.of(cluster.istio());
  }
}
