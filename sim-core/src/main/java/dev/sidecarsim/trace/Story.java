package dev.sidecarsim.trace;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Endpoint;
import java.util.Optional;

/**
 * One connection, from the call to its end.
 *
 * @param outcome what the caller's program saw
 * @param cause what decided a failure; empty if the bytes were delivered
 * @param deliveredTo the host and program that read the caller's bytes
 * @param peerSeen the address from which that program thinks it was called (getpeername)
 * @param localSeen the address on which that program was called (getsockname)
 * @param steps everything that happened, in order
 */
public record Story(
    Outcome outcome,
    Optional<Cause> cause,
    Optional<String> deliveredTo,
    Optional<Endpoint> peerSeen,
    Optional<Endpoint> localSeen,
    ImmutableList<Trace.Entry> steps) {

  /** Whether the destination's program read the caller's bytes unchanged. */
  public boolean delivered() {
    return outcome instanceof Outcome.Delivered;
  }

  /** One sentence: what the caller saw, and why. */
  public String why() {
    return "The caller's " + outcome.seenByCaller() + cause.map(c -> ": " + c.text()).orElse(".");
  }
}
