package dev.sidecarsim.app;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one member is at a moment.
 *
 * @param pod the pod it runs in
 * @param state the application's own word, such as LOOKING or LEADING; DOWN while nothing runs
 * @param serving whether it answers clients
 * @param role leader, follower or observer of a serving ensemble; empty otherwise
 * @param servingSince start of the present serving period, in nanoseconds of simulated time; empty
 *     unless it serves
 */
public record MemberStatus(
    String pod, String state, boolean serving, Optional<String> role, OptionalLong servingSince) {

  /** The state of a member whose program does not run. */
  public static final String DOWN = "DOWN";

  public MemberStatus {
    if (serving != servingSince.isPresent()) {
      throw new IllegalArgumentException(
          pod + ": a member has a start of service if and only if it serves");
    }
  }

  /** A member whose program does not run. */
  public static MemberStatus down(String pod) {
    return new MemberStatus(pod, DOWN, false, Optional.empty(), OptionalLong.empty());
  }
}
