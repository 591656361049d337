package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.version.IstioVersion;

/** Where a sidecar passes what comes in on a port that a Service declares. */
public enum InboundPolicy {
  /** To 127.0.0.1: what every release before 1.10 does. */
  LOOPBACK("loopback"),
  /** To the address that was called: what later ones do unless told otherwise. */
  POD_ADDRESS("pod address");

  private final String word;

  InboundPolicy(String word) {
    this.word = word;
  }

  /** What a version does if nothing is set. */
  public static InboundPolicy byDefault(IstioVersion version) {
    return of(version, ImmutableMap.of(), MeshConfig.DEFAULT);
  }

  private static InboundPolicy of(
      IstioVersion version, ImmutableMap<String, String> env, MeshConfig mesh) {
    return InboundPreset.of(version).inboundTarget().podAddress(env, mesh) ? POD_ADDRESS : LOOPBACK;
  }

  /** Whether a version can be made to do this. */
  public boolean possible(IstioVersion version) {
    return of(version, env(), mesh(MeshConfig.DEFAULT)) == this;
  }

  /** What brings it about under a version: {@code default}, or the setting. */
  public String setting(IstioVersion version) {
    return byDefault(version) == this
        ? "default"
        : InboundPreset.of(version).inboundTarget().setting(this == POD_ADDRESS);
  }

  /** Resources that ask for it in the way of every version. */
  IstioManifests askedOf(IstioManifests resources) {
    return resources.withIstiodEnv(env()).withMesh(mesh(resources.mesh()));
  }

  private ImmutableMap<String, String> env() {
    return ImmutableMap.of(InboundTarget.VARIABLE, this == POD_ADDRESS ? "true" : "false");
  }

  private MeshConfig mesh(MeshConfig mesh) {
    return mesh.withInboundPassthrough(this == POD_ADDRESS);
  }

  @Override
  public String toString() {
    return word;
  }
}
