package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.elasticsearch.CoordinationState.Vote;
import dev.sidecarsim.app.elasticsearch.FaultDetection.Reason;
import dev.sidecarsim.app.elasticsearch.Requests.Response;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A node's part in the cluster (the Coordinator of 7.x): a candidate looks for a master to join or
 * has itself elected, a leader publishes cluster states, a follower accepts them.
 */
final class Coordinator implements PeerFinder.Events {

  private enum Mode {
    CANDIDATE,
    LEADER,
    FOLLOWER
  }

  private final ElasticsearchConfig config;
  private final Node self;
  private final Transport transport;
  private final CoordinationState state;
  private final AppliedState applied;
  private final Applier applier;
  private final ElasticsearchLog log;
  private final PeerFinder finder;
  private final Election election;
  private final Bootstrap bootstrap;
  private final FormationWarnings warnings;
  private final FaultDetection leaderCheck;
  private final Joining joining;
  private final Leadership leadership;
  private final CoordinatorRequests requests;
  private final Random random;
  private Mode mode = Mode.CANDIDATE;
  private Optional<Node> leader = Optional.empty();
  private Optional<Vote> lastVote = Optional.empty();
  private long maxTermSeen;

  Coordinator(
      ElasticsearchConfig config,
      Transport transport,
      PersistedState disk,
      Random random,
      Encounters encounters,
      ElasticsearchLog log) {
    this.config = config;
    this.self = transport.self();
    this.transport = transport;
    this.random = random;
    this.log = log;
    this.state = new CoordinationState(self, disk, log);
    this.applied = new AppliedState(transport.process(), self, log);
    this.applier = new Applier(transport, applied, log);
    this.joining = new Joining(transport, log);
    this.finder = new PeerFinder(config, transport, encounters, log, this);
    this.bootstrap = new Bootstrap(config, transport, state, log, random, this::foundPeersUpdated);
    this.warnings = new FormationWarnings(transport.process(), log, this::whyNoMaster);
    this.election =
        new Election(
            transport, state, random, this::discovered, this::termSeen, this::startElection);
    this.leaderCheck =
        new FaultDetection(transport, () -> CoordinatorRequests.LEADER_CHECK, this::leaderFailed);
    this.leadership =
        new Leadership(
            transport,
            state,
            applier,
            log,
            CoordinatorRequests.FOLLOWER_CHECK,
            new LeadershipEvents());
    this.requests = new CoordinatorRequests(transport, this, finder);
  }

  AppliedState applied() {
    return applied;
  }

  /** What it answers to others. */
  Requests.Server requests() {
    return requests;
  }

  CoordinationState state() {
    return state;
  }

  Joining joining() {
    return joining;
  }

  Leadership leadership() {
    return leadership;
  }

  Optional<Node> leader() {
    return leader;
  }

  boolean isCandidate() {
    return mode == Mode.CANDIDATE;
  }

  boolean isLeader() {
    return mode == Mode.LEADER;
  }

  /** Whether it leads and goes by that itself. */
  boolean leads() {
    return mode == Mode.LEADER && applied.master().filter(self::equals).isPresent();
  }

  private ImmutableSet<Node> discovered() {
    return ImmutableSet.<Node>builder().add(self).addAll(finder.found()).build();
  }

  /** Why there is no master. */
  String whyNoMaster() {
    return FormationWarnings.describe(
        config, self, state.term(), state.accepted(), discovered(), finder.seedAddresses());
  }

  void start() {
    if (!state.clusterUuid().isEmpty()) {
      log.clusterUuid("", state.clusterUuid());
    }
    applier.start();
    bootstrap.start(this::discovered);
    finder.start(random, state.accepted().nodes());
    warnings.start();
  }

  /** Has the master exclude nodes, by their names or ids, from voting; none: nobody any more. */
  void exclude(List<String> nodes, Response response) {
    String request = (CoordinatorRequests.EXCLUDE + " " + String.join(" ", nodes)).strip();
    applied.master().ifPresent(master -> transport.request(master, request, 0, response));
  }

  // ---- candidates

  @Override
  public void foundPeersUpdated() {
    if (mode == Mode.CANDIDATE) {
      election.foundPeersUpdated();
      bootstrap.foundPeersUpdated(discovered());
    }
  }

  @Override
  public void activeMaster(Node master, long term) {
    ensureTermAtLeast(master, term);
    joining.send(master, state.term(), voteFor(master, term));
  }

  Optional<Vote> voteFor(Node candidate, long term) {
    return lastVote.filter(vote -> vote.candidate().equals(candidate) && vote.term() == term);
  }

  private void startElection() {
    if (mode == Mode.CANDIDATE) {
      long term = Math.max(state.term(), maxTermSeen) + 1;
      discovered().forEach(node -> startJoin(node, self, term));
    }
  }

  private void startJoin(Node voter, Node candidate, long term) {
    transport.request(
        voter,
        CoordinatorRequests.START_JOIN + " " + term + " " + candidate.encode(),
        0,
        words -> {});
  }

  /** A leader that hears of a later term starts an election in a still later one. */
  void termSeen(long term) {
    maxTermSeen = Math.max(maxTermSeen, term);
    if (mode == Mode.LEADER && maxTermSeen > state.term() && !leadership.isPublishing()) {
      ensureTermAtLeast(self, maxTermSeen);
      startElection();
    }
  }

  /** Counts a vote; a leader needs it for the voting configuration only. */
  Optional<String> count(Vote vote) {
    ensureTermAtLeast(self, vote.term()).ifPresent(state::join);
    if (!state.electionWon()) {
      return state.join(vote);
    }
    boolean isNew = !state.hasVoteOf(vote.voter()) && state.join(vote).isEmpty();
    if (isNew && mode == Mode.LEADER) {
      leadership.reconfigureIfEstablished();
    }
    return Optional.empty();
  }

  // ---- modes

  private void becomeCandidate(String reason) {
    if (mode == Mode.CANDIDATE) {
      return;
    }
    mode = Mode.CANDIDATE;
    leader = Optional.empty();
    leadership.stop("become candidate: " + reason);
    leaderCheck.stop();
    warnings.start();
    leadership.withoutMaster("becoming candidate: " + reason);
    finder.activate(state.accepted().nodes());
  }

  void becomeLeader() {
    mode = Mode.LEADER;
    leader = Optional.of(self);
    finder.deactivate(self);
    warnings.stop();
    election.stop();
    leadership.tasks().elected(joining.takeAll());
  }

  void becomeFollower(Node of) {
    boolean same = mode == Mode.FOLLOWER && leader.filter(of::equals).isPresent();
    mode = Mode.FOLLOWER;
    leader = Optional.of(of);
    finder.deactivate(of);
    warnings.stop();
    election.stop();
    joining.refuseAll("became follower");
    if (!same) {
      leaderCheck.stop();
      leaderCheck.watch(List.of(of));
    }
  }

  private void leaderFailed(Node failed, Reason reason) {
    log.masterFailed(failed, reason);
    becomeCandidate("onLeaderFailure");
  }

  Optional<Vote> ensureTermAtLeast(Node source, long term) {
    return state.term() < term ? joinInTerm(source, term) : Optional.empty();
  }

  /** Votes for a candidate of a new term. */
  Optional<Vote> joinInTerm(Node candidate, long term) {
    Optional<Vote> vote = state.startJoin(candidate, term);
    if (vote.isPresent()) {
      lastVote = vote;
      becomeCandidate("joinLeaderInTerm");
    }
    return vote;
  }

  /** A connection to a node is gone. */
  void disconnected(Node node) {
    log.connectionClosed(node);
    leaderCheck.disconnected(node);
    leadership.disconnected(node);
  }

  private final class LeadershipEvents implements Leadership.Events {
    @Override
    public boolean leads(long term) {
      return mode == Mode.LEADER && term == state.term();
    }

    @Override
    public void count(Vote vote) {
      Coordinator.this.count(vote);
    }

    @Override
    public void publicationFailed(String reason) {
      becomeCandidate(reason);
    }

    @Override
    public void termSeen(long term) {
      Coordinator.this.termSeen(term);
    }

    @Override
    public void abdicate(Node to) {
      long term = Math.max(state.term(), maxTermSeen) + 1;
      log.abdicates(to, term);
      state.accepted().nodes().forEach(node -> startJoin(node, to, term));
      becomeCandidate("after abdicating to " + to);
    }
  }
}
