package dev.sidecarsim.app.elasticsearch;

import dev.sidecarsim.app.elasticsearch.CoordinationState.Vote;
import dev.sidecarsim.app.elasticsearch.PeerConnection.Waiting;
import dev.sidecarsim.app.elasticsearch.Requests.Failure;
import dev.sidecarsim.app.elasticsearch.Requests.Responder;
import dev.sidecarsim.app.elasticsearch.Requests.Response;
import java.util.List;
import java.util.Optional;

/** What a node does about the requests of other nodes, and about those to itself. */
final class CoordinatorRequests implements Requests.Server {

  static final String START_JOIN = "START_JOIN";
  static final String FOLLOWER_CHECK = "FOLLOWER_CHECK";
  static final String LEADER_CHECK = "LEADER_CHECK";
  static final String EXCLUDE = "EXCLUDE";
  private static final String VALIDATE = "VALIDATE_JOIN";

  private final Transport transport;
  private final Node self;
  private final Coordinator coordinator;
  private final CoordinationState state;
  private final Joining joining;
  private final Leadership leadership;
  private final PeerFinder finder;

  CoordinatorRequests(Transport transport, Coordinator coordinator, PeerFinder finder) {
    this.transport = transport;
    this.self = transport.self();
    this.coordinator = coordinator;
    this.state = coordinator.state();
    this.joining = coordinator.joining();
    this.leadership = coordinator.leadership();
    this.finder = finder;
  }

  @Override
  public void received(Node from, List<String> words, Responder responder) {
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
      case LEADER_CHECK -> leadership.checked(from, coordinator.isLeader(), responder);
      case EXCLUDE -> leadership.tasks().exclude(rest, responder);
      default -> responder.refuse("No handler for action [" + words.get(0) + "]");
    }
  }

  /** PreVoteCollector: who knows a leader wants no election, but by that leader. */
  private void preVote(Node candidate, long term, Responder responder) {
    coordinator.termSeen(term);
    if (coordinator.leader().filter(known -> !known.equals(candidate)).isPresent()) {
      responder.refuse("there is already a leader");
    } else {
      ClusterState last = state.accepted();
      responder.answer(state.term() + " " + last.term() + " " + last.version());
    }
  }

  private void startedJoin(long term, String candidateWord, Responder responder) {
    Node candidate = Node.decode(candidateWord);
    Optional<Vote> vote = coordinator.joinInTerm(candidate, term);
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
            if (coordinator.isLeader() && state.accepted().term() == state.term()) {
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
    if (state.isOfCluster(uuid)) {
      responder.answer("");
    } else {
      responder.refuse(
          "join validation on cluster state with a different cluster uuid %s than local cluster uuid %s, rejecting"
              .formatted(uuid, state.clusterUuid()));
    }
  }

  private void join(Node from, List<String> words, Responder responder) {
    coordinator.termSeen(Long.parseLong(words.get(0)));
    boolean wonBefore = state.electionWon();
    Optional<String> why = Joining.vote(from, words.get(1)).flatMap(coordinator::count);
    if (why.isPresent()) {
      responder.refuse(why.get());
      return;
    }
    if (coordinator.isLeader()) {
      leadership.tasks().join(from, responder);
    } else if (coordinator.isCandidate()) {
      joining.keep(from, responder);
    } else {
      responder.refuse("join target is a follower");
    }
    if (!wonBefore && state.electionWon() && coordinator.isCandidate()) {
      coordinator.becomeLeader();
    }
  }

  private void published(Node from, ClusterState next, Responder responder) {
    if (from.equals(self) && !coordinator.isLeader()) {
      responder.refuse("no longer leading this publication's term");
      return;
    }
    if (!state.isOfCluster(next.uuid())) {
      responder.refuse("different cluster uuid " + next.uuid());
      return;
    }
    coordinator.ensureTermAtLeast(from, next.term());
    Optional<String> why = state.accept(next);
    if (why.isPresent()) {
      responder.refuse(why.get());
      return;
    }
    if (!from.equals(self)) {
      coordinator.becomeFollower(from);
    }
    responder.answer(
        coordinator
            .voteFor(from, next.term())
            .map(vote -> vote.acceptedTerm() + " " + vote.version())
            .orElse(Leadership.NO_VOTE));
  }

  private void commit(Node from, long term, long version, Responder responder) {
    if (!state.commit(term, version)) {
      responder.refuse("incoming term and version do not match the accepted state");
    } else {
      leadership.committed(from, coordinator.isCandidate(), responder);
    }
  }

  private boolean isFollower() {
    return !coordinator.isLeader() && !coordinator.isCandidate();
  }

  private void checkFollower(Node from, long term, Responder responder) {
    coordinator.ensureTermAtLeast(from, term);
    if (term != state.term()) {
      responder.refuse("current term is [" + state.term() + "], rejecting");
    } else if (state.accepted().term() < term) {
      coordinator.becomeFollower(from);
      responder.answer("");
    } else if (isFollower() || joining.isPending()) {
      responder.answer("");
    } else {
      responder.refuse("received check from faulty master, rejecting");
    }
  }
}
