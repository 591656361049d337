package dev.sidecarsim.examples;

import dev.sidecarsim.kube.PodName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what is in a cluster, and how its istiods are set. */
final class ManifestOptions {

  @Option(
      names = "-f",
      required = true,
      paramLabel = "FILE",
      description = "Manifests: a file, a folder, or - for standard input. May repeat.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--pod",
      paramLabel = "POD=V",
      converter = {Options.PodReader.class, MeshVersion.Reader.class},
      description = "Gives one pod its own Istio, or none. May repeat.")
  private Map<PodName, MeshVersion> pods = new LinkedHashMap<>();

  @Option(
      names = "-n",
      paramLabel = "NS",
      defaultValue = "default",
      description = "Namespace of documents that name none. Default: ${DEFAULT-VALUE}.")
  private String namespace = "default";

  @Option(
      names = "--mesh-config",
      paramLabel = "FILE",
      description = "MeshConfig of istiod, in YAML.")
  private Optional<Path> meshConfig = Optional.empty();

  @Option(
      names = "--istiod-env",
      paramLabel = "NAME=VALUE",
      description = "An environment variable of istiod. May repeat.")
  private Map<String, String> istiodEnv = new LinkedHashMap<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "All chance of the run. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--ambient",
      description =
          "Puts every pod that would get a sidecar into ambient mode instead (Istio 1.22 on).")
  private boolean ambient;

  @Mixin private TwinOptions twins = new TwinOptions();

  List<String> files() {
    return files;
  }

  Map<PodName, MeshVersion> pods() {
    return pods;
  }

  String namespace() {
    return namespace;
  }

  Optional<Path> meshConfig() {
    return meshConfig;
  }

  Map<String, String> istiodEnv() {
    return istiodEnv;
  }

  boolean ambient() {
    return ambient;
  }

  TwinOptions twins() {
    return twins;
  }

  long seed() {
    return seed;
  }
}
