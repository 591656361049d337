package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.elasticsearch.CoordinationState.Vote;
import dev.sidecarsim.app.elasticsearch.Requests.Response;
import dev.sidecarsim.time.Timer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a candidate that has found a quorum comes to start an election: it asks for pre-votes
 * (PreVoteCollector), and with a quorum of those it starts a term. Each attempt waits longer than
 * the one before (ElectionSchedulerFactory).
 */
final class Election {

  /** The request: the own term. */
  static final String PREVOTE = "PREVOTE";

  /** cluster.election.initial_timeout and back_off_time. */
  private static final int STEP_MILLIS = 100;

  /** cluster.election.max_timeout. */
  private static final int MOST_MILLIS = 10_000;

  /** cluster.election.duration: between two attempts. */
  private static final long DURATION = millis(500);

  private final Transport transport;
  private final CoordinationState state;
  private final Random random;
  private final Supplier<? extends Collection<Node>> discovered;
  private final LongConsumer termSeen;
  private final Runnable start;
  private @Nullable Timer timer;
  private int attempts;
  private int round;

  /**
   * @param discovered whom to ask, the own node among them
   * @param termSeen is told of others' terms
   * @param start runs once most would vote for this node
   */
  Election(
      Transport transport,
      CoordinationState state,
      Random random,
      Supplier<? extends Collection<Node>> discovered,
      LongConsumer termSeen,
      Runnable start) {
    this.transport = transport;
    this.state = state;
    this.random = random;
    this.discovered = discovered;
    this.termSeen = termSeen;
    this.start = start;
  }

  /** Others were found, or are gone: there are attempts as long as there is a quorum. */
  void foundPeersUpdated() {
    Node self = transport.self();
    if (!self.masterEligible() || !state.accepted().hasQuorum(discovered.get())) {
      stop();
    } else if (timer == null) {
      attempts = 0;
      schedule(0);
    }
  }

  void stop() {
    round++;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void schedule(long grace) {
    int most = Math.min(MOST_MILLIS, STEP_MILLIS * ++attempts);
    timer = transport.process().after(grace + millis(1 + random.nextInt(most)), this::collect);
  }

  /** A node that is excluded from voting, and has no vote any more, is not to lead. */
  static boolean mayWin(ClusterState state, Node node) {
    return state.committed().ids().contains(node.id())
        || state.accepted().ids().contains(node.id())
        || !state.exclusions().contains(node.id());
  }

  private void collect() {
    schedule(DURATION);
    if (!mayWin(state.accepted(), transport.self())) {
      return;
    }
    int thisRound = ++round;
    ClusterState asking = state.accepted();
    Map<Node, Vote> offers = new LinkedHashMap<>();
    for (Node node : ImmutableList.copyOf(discovered.get())) {
      Response response = words -> offered(thisRound, asking, offers, node, words);
      transport.request(node, PREVOTE + " " + state.term(), 0, response);
    }
  }

  /** The answer is the node's term, and the term and version of the state it has accepted. */
  private void offered(
      int ofRound, ClusterState asking, Map<Node, Vote> offers, Node node, List<String> words) {
    if (ofRound != round) {
      return;
    }
    long term = Long.parseLong(words.get(0));
    long acceptedTerm = Long.parseLong(words.get(1));
    long version = Long.parseLong(words.get(2));
    termSeen.accept(term);
    boolean before = state.wins(offers.values());
    if (!asking.olderThan(acceptedTerm, version)) {
      offers.put(node, new Vote(node, transport.self(), term, acceptedTerm, version));
      if (!before && state.wins(offers.values())) {
        start.run();
      }
    }
  }
}
