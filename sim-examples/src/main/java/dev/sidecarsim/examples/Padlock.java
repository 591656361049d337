package dev.sidecarsim.examples;

import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.trace.Step;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import dev.sidecarsim.ztunnel.ZtunnelStep;
import java.util.Optional;

/** Whether anybody on the way can read a connection. */
final class Padlock {

  private Padlock() {}

  /** Whether the first proxy that sent the bytes on wrapped them. */
  static boolean on(Story story) {
    return story.steps().stream()
        .map(Trace.Entry::step)
        .flatMap(step -> wraps(step).stream())
        .findFirst()
        .orElse(false);
  }

  /** Whether a step in which a proxy sends bytes on wraps them. */
  private static Optional<Boolean> wraps(Step step) {
    if (step instanceof EnvoyStep.HostChosen chosen) {
      return Optional.of(
          chosen.transport() instanceof TransportSocket.UpstreamTls
              || chosen.transport() instanceof TransportSocket.UpstreamTunnel);
    }
    return step instanceof ZtunnelStep.Routed routed
        ? Optional.of(routed.tunnel())
        : Optional.empty();
  }
}
