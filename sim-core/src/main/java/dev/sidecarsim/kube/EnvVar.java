package dev.sidecarsim.kube;

/** One entry of a container's {@code env}. */
public record EnvVar(String name, EnvSource source) {

  /** A variable with a fixed value. */
  public static EnvVar of(String name, String value) {
    return new EnvVar(name, new EnvSource.Literal(value));
  }
}
