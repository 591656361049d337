package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.elasticsearch.CoordinationState.Vote;
import dev.sidecarsim.app.elasticsearch.FaultDetection.Reason;
import dev.sidecarsim.app.elasticsearch.PeerConnection.Waiting;
import dev.sidecarsim.app.elasticsearch.Requests.Failure;
import dev.sidecarsim.app.elasticsearch.Requests.Responder;
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

  /** Requests. */
  private static final String START_JOIN = "START_JOIN";

  private static final String VALIDATE = "VALIDATE_JOIN";
  private static final String FOLLOWER_CHECK = "FOLLOWER_CHECK";
  private static final String LEADER_CHECK = "LEADER_CHECK";
  private static final String EXCLUDE = "EXCLUDE";

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
    this.state = new CoordinationState(self, disk);
    this.applied = new AppliedState(transport.process(), self, log);
    this.applier = new Applier(transport, applied, log);
    this.joining = new Joining(transport, log);
    this.finder = new PeerFinder(config, transport, encounters, log, this);
    this.bootstrap = new Bootstrap(config, self, log, this::bootstrapped);
    this.warnings = new FormationWarnings(transport.process(), log, this::whyNoMaster);
    this.election =
        new Election(
            transport, state, random, this::discovered, this::termSeen, this::startElection);
    this.leaderCheck = new FaultDetection(transport, () -> LEADER_CHECK, this::leaderFailed);
    this.leadership =
        new Leadership(transport, state, applier, log, FOLLOWER_CHECK, new LeadershipEvents());
  }

  AppliedState applied() {
    return applied;
  }

  private MasterService master() {
    return leadership.tasks();
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
    applier.start();
    if (config.unconfigured()) {
      transport
          .process()
          .after(
              Bootstrap.UNCONFIGURED_TIMEOUT,
              () -> {
                if (!state.accepted().isBootstrapped()) {
                  bootstrap.unconfigured(discovered());
                }
              });
    }
    finder.start(random, state.accepted().nodes());
    warnings.start();
  }

  /** Has the master exclude nodes, by their names or ids, from voting; none: nobody any more. */
  void exclude(List<String> nodes, Response response) {
    String request = (EXCLUDE + " " + String.join(" ", nodes)).strip();
    applied.master().ifPresent(master -> transport.request(master, request, 0, response));
  }

  // ---- candidates

  @Override
  public void foundPeersUpdated() {
    if (mode == Mode.CANDIDATE) {
      election.foundPeersUpdated();
      if (!state.accepted().isBootstrapped()) {
        bootstrap.foundPeersUpdated(discovered());
      }
    }
  }

  private void bootstrapped(VotingConfiguration first) {
    log.bootstrapped(first);
    state.bootstrap(state.accepted().bootstrapped(PersistedState.newId(random), first));
    election.foundPeersUpdated();
  }

  @Override
  public void activeMaster(Node master, long term) {
    ensureTermAtLeast(master, term);
    joining.send(master, state.term(), voteFor(master, term));
  }

  private Optional<Vote> voteFor(Node candidate, long term) {
    return lastVote.filter(vote -> vote.candidate().equals(candidate) && vote.term() == term);
  }

  private void startElection() {
    if (mode == Mode.CANDIDATE) {
      long term = Math.max(state.term(), maxTermSeen) + 1;
      discovered().forEach(node -> startJoin(node, self, term));
    }
  }

  private void startJoin(Node voter, Node candidate, long term) {
    transport.request(voter, START_JOIN + " " + term + " " + candidate.encode(), 0, words -> {});
  }

  /** A leader that hears of a later term starts an election in a still later one. */
  private void termSeen(long term) {
    maxTermSeen = Math.max(maxTermSeen, term);
    if (mode == Mode.LEADER && maxTermSeen > state.term() && !leadership.isPublishing()) {
      ensureTermAtLeast(self, maxTermSeen);
      startElection();
    }
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

  private void becomeLeader() {
    mode = Mode.LEADER;
    leader = Optional.of(self);
    finder.deactivate(self);
    warnings.stop();
    election.stop();
    master().elected(joining.takeAll());
  }

  private void becomeFollower(Node of) {
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

  private Optional<Vote> ensureTermAtLeast(Node source, long term) {
    return state.term() < term ? joinInTerm(source, term) : Optional.empty();
  }

  /** Votes for a candidate of a new term. */
  private Optional<Vote> joinInTerm(Node candidate, long term) {
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

  // ---- requests

  void received(Node from, List<String> words, Responder responder) {
    List<String> rest = words.subList(1, words.size());
    switch (words.get(0)) {
      case PeerFinder.PEERS -> finder.asked(from, rest, state.term(), responder);
      case Election.PREVOTE -> preVote(from, Long.parseLong(rest.get(0)), responder);
      case START_JOIN -> startedJoin(Long.parseLong(rest.get(0)), rest.get(1), responder);
      case Joining.JOIN -> joins(from, rest, responder);
      case VALIDATE -> validate(rest.get(0), responder);
      case Publication.PUBLISH -> published(from, ClusterState.decode(rest), responder);
      case Publication.COMMIT ->
          commit(from, Long.parseLong(rest.get(0)), Long.parseLong(rest.get(1)), responder);
      case FOLLOWER_CHECK -> checkFollower(from, Long.parseLong(rest.get(0)), responder);
      case LEADER_CHECK -> leadership.checked(from, mode == Mode.LEADER, responder);
      case EXCLUDE -> master().exclude(rest, responder);
      default -> responder.refuse("No handler for action [" + words.get(0) + "]");
    }
  }

  /** PreVoteCollector: who knows a leader wants no election, but by that leader. */
  private void preVote(Node candidate, long term, Responder responder) {
    termSeen(term);
    if (leader.isPresent() && !leader.get().equals(candidate)) {
      responder.refuse("there is already a leader");
    } else {
      ClusterState last = state.accepted();
      responder.answer(state.term() + " " + last.term() + " " + last.version());
    }
  }

  private void startedJoin(long term, String candidateWord, Responder responder) {
    Node candidate = Node.decode(candidateWord);
    Optional<Vote> vote = joinInTerm(candidate, term);
    if (vote.isEmpty()) {
      responder.refuse("incoming term " + term + " not greater than current term " + state.term());
    } else {
      joining.send(candidate, state.term(), vote);
      responder.answer("");
    }
  }

  /** A leader lets others in once it can call them back, and they are of the same cluster. */
  private void joins(Node from, List<String> words, Responder responder) {
    transport.connect(
        from,
        new Waiting() {
          @Override
          public void connected() {
            if (mode == Mode.LEADER && state.accepted().term() == state.term()) {
              validated(from, words, responder);
            } else {
              join(from, words, responder);
            }
          }

          @Override
          public void failed(String why) {
            responder.refuse("connect_exception: " + why);
          }
        });
  }

  private void validated(Node from, List<String> words, Responder responder) {
    transport.request(
        from,
        VALIDATE + " " + state.accepted().uuid(),
        0,
        new Response() {
          @Override
          public void answered(List<String> none) {
            join(from, words, responder);
          }

          @Override
          public void failed(Failure failure) {
            responder.refuse(
                "failure when sending a validation request to node: " + failure.text());
          }
        });
  }

  private void validate(String uuid, Responder responder) {
    ClusterState own = state.accepted();
    if (own.version() > 0 && !own.uuid().equals(uuid)) {
      responder.refuse(
          "join validation on cluster state with a different cluster uuid %s than local cluster uuid %s, rejecting"
              .formatted(uuid, own.uuid()));
    } else {
      responder.answer("");
    }
  }

  private void join(Node from, List<String> words, Responder responder) {
    termSeen(Long.parseLong(words.get(0)));
    boolean wonBefore = state.electionWon();
    Optional<String> why = Joining.vote(from, words.get(1)).flatMap(this::count);
    if (why.isPresent()) {
      responder.refuse(why.get());
      return;
    }
    switch (mode) {
      case CANDIDATE -> joining.keep(from, responder);
      case LEADER -> master().join(from, responder);
      case FOLLOWER -> responder.refuse("join target is a follower");
    }
    if (!wonBefore && state.electionWon() && mode == Mode.CANDIDATE) {
      becomeLeader();
    }
  }

  /** Counts a vote; a leader needs it for the voting configuration only. */
  private Optional<String> count(Vote vote) {
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

  private void published(Node from, ClusterState next, Responder responder) {
    if (from.equals(self) && mode != Mode.LEADER) {
      responder.refuse("no longer leading this publication's term");
      return;
    }
    ClusterState own = state.accepted();
    if (own.version() > 0 && !own.uuid().equals(next.uuid())) {
      responder.refuse("different cluster uuid " + next.uuid());
      return;
    }
    ensureTermAtLeast(from, next.term());
    Optional<String> why = state.accept(next);
    if (why.isPresent()) {
      responder.refuse(why.get());
      return;
    }
    if (!from.equals(self)) {
      becomeFollower(from);
    }
    responder.answer(
        voteFor(from, next.term())
            .map(vote -> vote.acceptedTerm() + " " + vote.version())
            .orElse(Leadership.NO_VOTE));
  }

  private void commit(Node from, long term, long version, Responder responder) {
    if (!state.commit(term, version)) {
      responder.refuse("incoming term and version do not match the accepted state");
    } else {
      leadership.committed(from, mode == Mode.CANDIDATE, responder);
    }
  }

  private void checkFollower(Node from, long term, Responder responder) {
    ensureTermAtLeast(from, term);
    if (term != state.term()) {
      responder.refuse("current term is [" + state.term() + "], rejecting");
    } else if (state.accepted().term() < term) {
      becomeFollower(from);
      responder.answer("");
    } else if (mode == Mode.FOLLOWER || joining.isPending()) {
      responder.answer("");
    } else {
      responder.refuse("received check from faulty master, rejecting");
    }
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
