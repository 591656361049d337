package dev.sidecarsim.kube;

import dev.sidecarsim.net.Protocol;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A port of a Service.
 *
 * @param port the port that clients call
 * @param targetPort the pod's port; the same as {@code port} where the manifest names none
 * @param nodePort the port on each node, if the manifest gives one
 */
public record ServicePort(
    Optional<String> name,
    int port,
    PortRef targetPort,
    Protocol protocol,
    Optional<String> appProtocol,
    OptionalInt nodePort) {

  public ServicePort {
    ContainerPort.check(port);
  }

  /** The name, or nothing: the only port of a Service needs none. */
  public String nameOrEmpty() {
    return name.orElse("");
  }
}
