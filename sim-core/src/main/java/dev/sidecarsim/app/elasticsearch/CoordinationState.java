package dev.sidecarsim.app.elasticsearch;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rules that keep a cluster one: a vote for one leader a term, and a state counts once most of
 * the voters, by the old configuration and the new one, have accepted it.
 */
final class CoordinationState {

  /**
   * A vote.
   *
   * @param voter who gives it
   * @param candidate to whom it is given
   * @param acceptedTerm of the last state that the voter has accepted
   * @param version of that state
   */
  record Vote(Node voter, Node candidate, long term, long acceptedTerm, long version) {}

  private final Node self;
  private final PersistedState disk;
  private final ElasticsearchLog log;
  private final Map<String, Vote> votes = new LinkedHashMap<>();
  private final Set<Node> acceptedBy = new LinkedHashSet<>();
  private ClusterState published;
  private boolean mayCountVotes;
  private boolean electionWon;

  CoordinationState(Node self, PersistedState disk, ElasticsearchLog log) {
    this.self = self;
    this.log = log;
    this.disk = disk;
    this.published = disk.accepted();
  }

  long term() {
    return disk.term();
  }

  /** The last state that was accepted, be it committed or not. */
  ClusterState accepted() {
    return disk.accepted();
  }

  /** Whether a node may take a state of this cluster: it belongs to no other one. */
  boolean isOfCluster(String uuid) {
    return disk.clusterUuid().isEmpty() || disk.clusterUuid().equals(uuid);
  }

  String clusterUuid() {
    return disk.clusterUuid();
  }

  boolean electionWon() {
    return electionWon;
  }

  boolean hasVoteOf(Node node) {
    Vote vote = votes.get(node.id());
    return vote != null && vote.voter().equals(node);
  }

  void bootstrap(ClusterState first) {
    disk.accept(first);
  }

  /** The vote for a candidate of a new term; none in the present term or an earlier one. */
  Optional<Vote> startJoin(Node candidate, long term) {
    if (term <= disk.term()) {
      return Optional.empty();
    }
    disk.term(term);
    votes.clear();
    acceptedBy.clear();
    electionWon = false;
    mayCountVotes = true;
    ClusterState state = accepted();
    return Optional.of(new Vote(self, candidate, term, state.term(), state.version()));
  }

  /**
   * Counts a vote.
   *
   * @return why not, if it does not count
   */
  Optional<String> join(Vote vote) {
    ClusterState state = accepted();
    if (vote.term() != term() || !mayCountVotes) {
      return Optional.of(
          "incoming term %d does not match current term %d".formatted(vote.term(), term()));
    }
    if (state.olderThan(vote.acceptedTerm(), vote.version())) {
      return Optional.of(
          "incoming last accepted term and version %d/%d higher than current %d/%d"
              .formatted(vote.acceptedTerm(), vote.version(), state.term(), state.version()));
    }
    if (!state.isBootstrapped()) {
      return Optional.of(
          "rejecting join since this node has not received its initial configuration yet");
    }
    votes.put(vote.voter().id(), vote);
    electionWon = electionWon || wins(votes.values());
    return Optional.empty();
  }

  /**
   * Whether these votes, or offers of votes, elect this node. A voting-only node lets others lead,
   * unless it alone has the newest state (VotingOnlyNodePlugin's election strategy).
   */
  boolean wins(Collection<Vote> offered) {
    ClusterState state = accepted();
    boolean quorum = state.hasQuorum(offered.stream().map(Vote::voter).toList());
    return quorum
        && (!self.roles().votingOnly()
            || (offered.stream().anyMatch(vote -> !vote.voter().roles().votingOnly())
                && offered.stream().noneMatch(vote -> couldLead(vote, state))));
  }

  private static boolean couldLead(Vote vote, ClusterState state) {
    return !vote.voter().roles().votingOnly()
        && vote.acceptedTerm() == state.term()
        && vote.version() == state.version();
  }

  /**
   * A node accepts a state that a leader publishes.
   *
   * @return why not, if it does not
   */
  Optional<String> accept(ClusterState state) {
    ClusterState before = accepted();
    if (state.term() != term()) {
      return Optional.of(
          "incoming term %d does not match current term %d".formatted(state.term(), term()));
    }
    if (state.term() == before.term() && state.version() <= before.version()) {
      return Optional.of(
          "incoming version %d lower or equal to current version %d"
              .formatted(state.version(), before.version()));
    }
    disk.accept(state);
    return Optional.empty();
  }

  /** This node sends a state to others. */
  void publishing(ClusterState state) {
    published = state;
    acceptedBy.clear();
  }

  /** A node has accepted what this one publishes: whether these are enough. */
  boolean acceptedBy(Node node) {
    acceptedBy.add(node);
    return published.hasQuorum(acceptedBy);
  }

  /** Whether a state of this term and version can be committed here. */
  boolean commit(long term, long version) {
    ClusterState state = accepted();
    if (term != term() || term != state.term() || version != state.version()) {
      return false;
    }
    disk.accept(state.commit());
    if (disk.clusterUuid().isEmpty()) {
      disk.clusterUuid(state.uuid());
      log.clusterUuid(" set to", state.uuid());
    }
    return true;
  }
}
