package dev.sidecarsim.kube;

import java.util.Optional;

/**
 * How people name a pod: {@code NAME[.NAMESPACE][/CONTAINER]}.
 *
 * @param pod the pod's name, with its namespace behind a dot if one was given
 */
public record PodName(String pod, Optional<String> container) {

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if a part is empty
   */
  public static PodName parse(String text) {
    int slash = text.indexOf('/');
    String pod = slash < 0 ? text : text.substring(0, slash);
    Optional<String> container =
        slash < 0 ? Optional.empty() : Optional.of(text.substring(slash + 1));
    if (pod.isEmpty() || container.filter(String::isEmpty).isPresent()) {
      throw new IllegalArgumentException(
          "'" + text + "' names no pod; write NAME[.NAMESPACE][/CONTAINER]");
    }
    return new PodName(pod, container);
  }

  @Override
  public String toString() {
    return pod + container.map(name -> "/" + name).orElse("");
  }
}
