package dev.sidecarsim.app.failure;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one failure did to the service: watched from the moment it happens on.
 *
 * <p>The service has come back when a majority serves under a leader whose term began after the
 * failure, or, where the old one stayed, once it had been without a majority and has one again. An
 * application without leaders serves when its members do.
 */
public final class Outage {

  private final Failure failure;
  private final ImmutableList<String> victims;
  private final long at;
  private final Optional<MemberStatus> leaderBefore;
  private boolean interrupted;
  private boolean allServed = true;
  private OptionalLong stopped = OptionalLong.empty();
  private OptionalLong back = OptionalLong.empty();
  private OptionalLong whole = OptionalLong.empty();

  /**
   * @param victims whom it befell; empty if they were not there
   * @param before the state just before
   * @param at when, in nanoseconds
   */
  Outage(Failure failure, ImmutableList<String> victims, FormationReport before, long at) {
    this.failure = failure;
    this.victims = victims;
    this.leaderBefore = leader(before);
    this.at = at;
    this.interrupted = !before.formed();
  }

  /** Looks at the state of now. */
  void look(FormationReport report, long now) {
    if (!happened()) {
      return;
    }
    if (back.isEmpty() && serves(report)) {
      back = OptionalLong.of(now);
    }
    if (back.isEmpty() && stopped.isEmpty() && !interrupted && !report.formed()) {
      stopped = OptionalLong.of(now);
    }
    interrupted |= !report.formed();
    lookAtAll(report, now);
  }

  /** Whoever is struck again after all have served again counts from there. */
  private void lookAtAll(FormationReport report, long now) {
    boolean all = report.members().stream().allMatch(MemberStatus::serving);
    if (all && !allServed) {
      whole = OptionalLong.of(now);
    } else if (!all) {
      whole = OptionalLong.empty();
    }
    allServed = all;
  }

  private boolean serves(FormationReport report) {
    if (!report.formed()) {
      return false;
    }
    Optional<MemberStatus> leader = leader(report);
    if (leader.isEmpty()) {
      return interrupted && leaderBefore.isEmpty();
    }
    return leader.get().servingSince().orElse(0) > at
        || (interrupted && (leaderBefore.isEmpty() || leader.equals(leaderBefore)));
  }

  private static Optional<MemberStatus> leader(FormationReport report) {
    return report.members().stream()
        .filter(member -> report.leader().equals(Optional.of(member.pod())))
        .findFirst();
  }

  /** What went wrong. */
  public Failure failure() {
    return failure;
  }

  /** Whom it befell: pods, or a node; empty if nobody led or a pod was not there. */
  public ImmutableList<String> victims() {
    return victims;
  }

  /** Whether it happened at all: its victims were there. */
  public boolean happened() {
    return !victims.isEmpty();
  }

  /** Whether it serves again after an interruption: what is left to learn is not urgent. */
  boolean over() {
    return back.isPresent() || !happened();
  }

  /**
   * Simulated time until no majority served; empty if one did until it served under another leader,
   * or none did before.
   */
  public OptionalLong stoppedAfterMillis() {
    return since(stopped);
  }

  /**
   * Simulated time until every member served, for the last time; empty if none ceased to, or one
   * does not at the end.
   */
  public OptionalLong allServeAfterMillis() {
    return since(whole);
  }

  private OptionalLong since(OptionalLong instant) {
    return instant.isPresent()
        ? OptionalLong.of(Durations.toMillis(instant.getAsLong() - at))
        : OptionalLong.empty();
  }

  /**
   * Simulated time until it served again; 0 if it never ceased to; empty if it never did again, or
   * nothing happened.
   */
  public OptionalLong servesAgainAfterMillis() {
    if (back.isPresent()) {
      return since(back);
    }
    return interrupted || !happened() ? OptionalLong.empty() : OptionalLong.of(0);
  }
}
