package dev.sidecarsim.kube;

import dev.sidecarsim.net.Protocol;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A port that a container declares. It documents; it opens nothing.
 *
 * @param hostPort the port of the node that leads here, if there is one
 */
public record ContainerPort(
    Optional<String> name, int port, Protocol protocol, OptionalInt hostPort) {

  public ContainerPort {
    check(port);
  }

  boolean isNamed(String candidate) {
    return name.isPresent() && name.get().equals(candidate);
  }

  static void check(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "port " + port + " is out of range; it is from 1 to 65535");
    }
  }
}
