package dev.sidecarsim.examples;

import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;

/** Whether anybody on the way can read a connection. */
final class Padlock {

  private Padlock() {}

  /** Whether the first proxy on the way wrapped the bytes. */
  static boolean on(Story story) {
    return story.steps().stream()
        .map(Trace.Entry::step)
        .filter(EnvoyStep.HostChosen.class::isInstance)
        .map(EnvoyStep.HostChosen.class::cast)
        .findFirst()
        .filter(chosen -> chosen.transport() instanceof TransportSocket.UpstreamTls)
        .isPresent();
  }
}
