package dev.sidecarsim.examples;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that runs one cluster: what is in it, and which mesh. */
final class ClusterOptions {

  @Mixin private final ManifestOptions manifests = new ManifestOptions();

  @Option(
      names = "--istio",
      required = true,
      paramLabel = "V",
      converter = MeshVersion.Reader.class,
      description = "Istio of the mesh: 1.7 to 1.30, with or without a patch; none: no sidecar.")
  private MeshVersion istio = MeshVersion.NONE;

  ManifestOptions manifests() {
    return manifests;
  }

  MeshVersion istio() {
    return istio;
  }

  String namespace() {
    return manifests.namespace();
  }

  long seed() {
    return manifests.seed();
  }
}
