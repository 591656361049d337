package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Scheduler;
import java.util.Optional;

/** The connections that a host tracks. */
public final class Conntrack {

  private final Scheduler scheduler;

  Conntrack(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Where the caller of an accepted connection wanted to go. */
  public Optional<Endpoint> originalDestination(Endpoint local, Endpoint peer) {
    return scheduler.now() < 0 || peer.equals(local) ? Optional.empty() : Optional.of(local);
  }
}
