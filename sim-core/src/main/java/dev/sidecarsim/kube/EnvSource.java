package dev.sidecarsim.kube;

import java.util.Optional;

/** Where the value of a variable comes from. */
public sealed interface EnvSource {

  /** A fixed text; {@code $(NAME)} in it is replaced by an earlier variable. */
  record Literal(String value) implements EnvSource {}

  /**
   * A field of the pod, such as {@code status.podIP} or {@code metadata.labels['app']}.
   *
   * @param path the field's path
   */
  record FieldRef(String path) implements EnvSource {}

  /** A resource limit or request, such as {@code limits.cpu}. */
  record ResourceFieldRef(String resource) implements EnvSource {}

  /** An entry of a ConfigMap. */
  record ConfigMapKey(String map, String key, boolean optional) implements EnvSource {}

  /** An entry of a Secret. */
  record SecretKey(String secret, String key, boolean optional) implements EnvSource {}

  /** The text, if it is a fixed one. */
  default Optional<String> literal() {
    return this instanceof Literal text ? Optional.of(text.value()) : Optional.empty();
  }
}
