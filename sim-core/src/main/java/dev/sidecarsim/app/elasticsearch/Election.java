package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a candidate comes to lead: once it has found a quorum it asks for pre-votes, with a quorum of
 * those it starts a term, and with a quorum of votes it has won. Each attempt waits longer.
 */
final class Election {

  /** Who is told of a victory. */
  interface Won {
    void by(Collection<Node> voters, long now);
  }

  /** cluster.election.initial_timeout and back_off_time. */
  private static final int STEP_MILLIS = 100;

  /** cluster.election.max_timeout. */
  private static final int MOST_MILLIS = 10_000;

  /** cluster.election.duration: between two attempts. */
  private static final long DURATION = millis(500);

  private static final long NOT_SCHEDULED = -1;

  private final ImmutableList<String> initialMasters;
  private final Node self;
  private final Transport transport;
  private final PersistedState state;
  private final Random random;
  private final ElasticsearchLog log;
  private final Won won;
  private final Map<String, Node> preVotes = new LinkedHashMap<>();
  private final Map<String, Node> votes = new LinkedHashMap<>();
  private long newestTerm;
  private long votesFor;
  private long at = NOT_SCHEDULED;
  private int attempts;

  Election(
      ImmutableList<String> initialMasters,
      Node self,
      Transport transport,
      PersistedState state,
      Random random,
      ElasticsearchLog log,
      Won won) {
    this.initialMasters = initialMasters;
    this.self = self;
    this.transport = transport;
    this.state = state;
    this.random = random;
    this.log = log;
    this.won = won;
  }

  void reset() {
    at = NOT_SCHEDULED;
    attempts = 0;
    preVotes.clear();
    votes.clear();
  }

  /** The master-eligible nodes that were found, itself among them. */
  private ImmutableSet<Node> found() {
    return Stream.concat(Stream.of(self), transport.connected().stream())
        .filter(Node::masterEligible)
        .collect(ImmutableSet.toImmutableSet());
  }

  private boolean quorum(Collection<Node> nodes) {
    ImmutableSet<String> ids = nodes.stream().map(Node::id).collect(ImmutableSet.toImmutableSet());
    return !state.accepted().isEmpty()
        && state.accepted().hasQuorum(ids)
        && state.committed().hasQuorum(ids);
  }

  void tick(long now) {
    if (self.masterEligible() && state.accepted().isEmpty()) {
      bootstrap();
    }
    if (!self.masterEligible() || !quorum(found())) {
      reset();
    } else if (at == NOT_SCHEDULED) {
      at = now + pause();
    } else if (now >= at) {
      at = now + pause() + DURATION;
      preVotes.clear();
      newestTerm = state.term();
      transport.broadcast("PREVOTE? " + state.term());
      preVoted(self, state.term(), state.acceptedTerm(), state.version(), now);
    }
  }

  private long pause() {
    attempts++;
    return millis(1 + random.nextInt(Math.min(MOST_MILLIS, STEP_MILLIS * attempts)));
  }

  /**
   * ClusterBootstrapService: with more than half of {@code cluster.initial_master_nodes} found, the
   * own name among them, there is a first configuration.
   */
  private void bootstrap() {
    ImmutableSet<Node> found = found();
    Map<String, String> ids = new LinkedHashMap<>();
    for (String name : initialMasters) {
      found.stream()
          .filter(node -> names(node).contains(name))
          .findFirst()
          .ifPresent(node -> ids.put(name, node.id()));
    }
    if (ids.containsValue(self.id()) && ids.size() * 2 > initialMasters.size()) {
      VotingConfiguration first =
          new VotingConfiguration(
              initialMasters.stream()
                  .map(name -> ids.getOrDefault(name, VotingConfiguration.placeholder(name)))
                  .collect(ImmutableSet.toImmutableSet()));
      state.bootstrap(first);
      log.bootstrapped(first);
    }
  }

  private static List<String> names(Node node) {
    return List.of(node.name(), node.host(), node.address());
  }

  /** Whose state is newer than the own one does not count. */
  void preVoted(Node voter, long term, long acceptedTerm, long version, long now) {
    newestTerm = Math.max(newestTerm, term);
    if (at == NOT_SCHEDULED || state.olderThan(acceptedTerm, version)) {
      return;
    }
    boolean before = quorum(preVotes.values());
    preVotes.put(voter.id(), voter);
    if (!before && quorum(preVotes.values())) {
      start(now);
    }
  }

  private void start(long now) {
    votesFor = newestTerm + 1;
    state.term(votesFor);
    votes.clear();
    transport.broadcast("START_JOIN " + votesFor);
    voted(self, votesFor, state.acceptedTerm(), state.version(), now);
  }

  /** A vote for this candidate; it counts if the voter's state is no newer. */
  void voted(Node voter, long term, long acceptedTerm, long version, long now) {
    boolean counts = term == votesFor && term == state.term();
    if (counts && !state.olderThan(acceptedTerm, version)) {
      votes.put(voter.id(), voter);
      if (quorum(votes.values())) {
        Collection<Node> voters = ImmutableList.copyOf(votes.values());
        reset();
        votesFor = 0;
        won.by(voters, now);
      }
    }
  }

  /** Why there is no master yet (ClusterFormationFailureHelper). */
  String whyNot(Collection<String> seeds, Collection<Node> lastNodes) {
    String found = found().stream().map(Node::toString).collect(Collectors.joining(", ", "[", "]"));
    String hosts =
        "discovery will continue using [%s] from hosts providers and %s from last-known cluster state; node term %d, last-accepted version %d in term %d"
            .formatted(
                String.join(", ", seeds),
                lastNodes,
                state.term(),
                state.version(),
                state.acceptedTerm());
    String discovered = "have discovered " + found;
    if (!self.masterEligible()) {
      return "master not discovered yet: " + discovered + "; " + hosts;
    }
    if (state.accepted().isEmpty()) {
      return "master not discovered yet, this node has not previously joined a bootstrapped (v7+)"
          + " cluster, and "
          + (initialMasters.isEmpty()
              ? "[cluster.initial_master_nodes] is empty on this node"
              : "this node must discover master-eligible nodes "
                  + initialMasters
                  + " to bootstrap a cluster")
          + ": "
          + discovered
          + "; "
          + hosts;
    }
    return "master not discovered or elected yet, an election requires "
        + state.accepted().requirement()
        + ", "
        + discovered
        + (quorum(found()) ? " which is a quorum; " : " which is not a quorum; ")
        + hosts;
  }
}
