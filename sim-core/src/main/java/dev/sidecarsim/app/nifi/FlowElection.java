package dev.sidecarsim.app.nifi;

import dev.sidecarsim.time.Durations;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Which flow a cluster begins with, as its coordinator counts the votes: it is known when enough
 * nodes have voted, or when the time since the first vote is over (PopularVoteFlowElection). All
 * nodes are taken to vote for the same flow.
 */
final class FlowElection {

  private static final String THREAD = "Process Cluster Protocol Request-1";

  private final NifiConfig config;
  private final LongSupplier clock;
  private final NifiLog log;
  private final Set<NodeId> votes = new TreeSet<>();
  private long since = -1;
  private boolean complete;

  FlowElection(NifiConfig config, LongSupplier clock, NifiLog log) {
    this.config = config;
    this.clock = clock;
    this.log = log;
  }

  /** Counts a vote; says whether the flow is known. */
  boolean vote(NodeId node) {
    if (!complete() && votes.add(node)) {
      since = since < 0 ? clock.getAsLong() : since;
      log("Vote cast by %s; this flow now has %d votes".formatted(node, votes.size()));
    }
    return complete();
  }

  boolean counted(NodeId node) {
    return votes.contains(node);
  }

  boolean complete() {
    if (!complete && since >= 0) {
      if (nanosLeft() < 0) {
        complete("the maximum allowed time has elapsed.");
      } else if (votes.size() >= needed()) {
        complete("the required number of nodes (" + needed() + ") have voted.");
      }
    }
    return complete;
  }

  private void complete(String why) {
    complete = true;
    log(
        "Election is complete because %s The elected dataflow is held by the following nodes: %s"
            .formatted(why, votes));
  }

  private int needed() {
    return config.electionCandidates().orElse(Integer.MAX_VALUE);
  }

  private long nanosLeft() {
    return since + Durations.seconds(config.electionSeconds()) - clock.getAsLong();
  }

  /** What nodes are told that wait for it. */
  String description() {
    if (since < 0) {
      return "No votes have yet been cast.";
    }
    long seconds = nanosLeft() / Durations.SECOND;
    String time = seconds < 1 ? "less than 1 second" : seconds + " seconds";
    return "Election will complete in " + time + orAfter();
  }

  private String orAfter() {
    if (config.electionCandidates().isEmpty()) {
      return "";
    }
    int missing = needed() - votes.size();
    return " or after %d more vote%s cast, whichever occurs first."
        .formatted(missing, missing == 1 ? " is" : "s are");
  }

  private void log(String text) {
    log.info(NifiLog.Logger.FLOW_ELECTION, THREAD, text);
  }
}
