package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.elasticsearch.CoordinationState.Vote;
import dev.sidecarsim.app.elasticsearch.FaultDetection.Reason;
import dev.sidecarsim.app.elasticsearch.Requests.Responder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a leader does, and how any node comes to go by what is published. */
final class Leadership implements Publication.Owner {

  /** What the rest of the coordinator does about it. */
  interface Events {
    /** Whether this node leads in a term. */
    boolean leads(long term);

    void count(Vote vote);

    void publicationFailed(String reason);

    void termSeen(long term);

    void abdicate(Node to);
  }

  /** What a node answers to a publication whose leader it did not vote for. */
  static final String NO_VOTE = "-";

  private final Transport transport;
  private final CoordinationState state;
  private final Applier applier;
  private final Events events;
  private final ElasticsearchLog log;
  private final MasterService tasks;
  private final FaultDetection followers;
  private final LagDetector lag;
  private final List<Vote> votes = new ArrayList<>();
  private ImmutableList<Node> members = ImmutableList.of();
  private ClusterState toApply;
  private @Nullable Publication publication;

  /**
   * @param check the request by which followers are checked
   */
  Leadership(
      Transport transport,
      CoordinationState state,
      Applier applier,
      ElasticsearchLog log,
      String check,
      Events events) {
    this.transport = transport;
    this.state = state;
    this.applier = applier;
    this.log = log;
    this.events = events;
    this.tasks = new MasterService(transport, state, log, this::publish);
    this.followers =
        new FaultDetection(transport, () -> check + " " + state.term(), this::followerFailed);
    this.lag = new LagDetector(transport, state, node -> tasks.left(node, "lagging"));
    this.toApply = state.accepted().withoutMaster();
  }

  MasterService tasks() {
    return tasks;
  }

  boolean isPublishing() {
    return publication != null;
  }

  // ---- followers

  private void followerFailed(Node node, Reason reason) {
    tasks.left(node, log.followerFailure(reason));
  }

  void disconnected(Node node) {
    followers.disconnected(node);
  }

  /** Answers a follower that asks whether its leader is well. */
  void checked(Node from, boolean leads, Responder responder) {
    if (!leads || members.isEmpty()) {
      responder.refuse("rejecting leader check sent to a node that is no longer the master");
    } else if (!members.contains(from)) {
      responder.refuse("rejecting leader check since it has been removed from the cluster");
    } else {
      responder.answer("");
    }
  }

  void reconfigureIfEstablished() {
    if (publication == null && state.accepted().term() == state.term()) {
      tasks.reconfigure();
    }
  }

  /** It does not lead any more. */
  void stop(String reason) {
    if (publication != null) {
      publication.cancel();
    }
    followers.stop();
    members = ImmutableList.of();
    tasks.stop();
    lag.clear();
  }

  // ---- publications

  private void publish(ClusterState next, String source) {
    if (!events.leads(next.term())) {
      tasks.published(next, false);
      return;
    }
    state.publishing(next);
    votes.clear();
    members = next.nodes();
    Publication started = new Publication(transport, log, next, followers::isFaulty, this);
    publication = started;
    followers.watch(next.nodes().stream().filter(node -> !node.equals(transport.self())).toList());
    started.start();
  }

  @Override
  public boolean accepted(Node node, List<String> words) {
    ClusterState next = publishing();
    if (!words.get(0).equals(NO_VOTE)) {
      long acceptedTerm = Long.parseLong(words.get(0));
      long version = Long.parseLong(words.get(1));
      votes.add(new Vote(node, transport.self(), next.term(), acceptedTerm, version));
    } else if (node.masterEligible() && !state.hasVoteOf(node)) {
      events.termSeen(next.term() + 1);
    }
    return state.acceptedBy(node);
  }

  private ClusterState publishing() {
    return publication == null ? state.accepted() : publication.state();
  }

  @Override
  public boolean quorum(Collection<Node> nodes) {
    return publishing().hasQuorum(nodes);
  }

  @Override
  public void applied(Node node, long version) {
    lag.applied(node, version);
  }

  @Override
  public void completed(Publication over, boolean committed) {
    if (committed && over.completedNodes().contains(transport.self())) {
      votes.stream().filter(vote -> !state.hasVoteOf(vote.voter())).forEach(this::countLate);
      ClusterState published = over.state();
      String source =
          "Publication{term=%d, version=%d}".formatted(published.term(), published.version());
      applier.apply(() -> toApply, source, () -> succeeded(over));
    } else {
      publication = null;
      if (events.leads(over.state().term())) {
        events.publicationFailed("Publication.onCompletion(false)");
      }
      tasks.published(over.state(), false);
    }
  }

  private void countLate(Vote vote) {
    if (vote.term() == state.term()) {
      events.count(vote);
    }
  }

  private void succeeded(Publication over) {
    publication = null;
    events.termSeen(state.term());
    if (events.leads(over.state().term())) {
      abdicateOrImprove(over);
    }
    lag.expect(over.state());
    tasks.published(over.state(), true);
  }

  /** A leader that has lost its vote makes room for one that has it. */
  private void abdicateOrImprove(Publication over) {
    ClusterState last = state.accepted();
    if (Election.mayWin(last, transport.self())) {
      tasks.reconfigure();
      return;
    }
    List<Node> candidates =
        over.completedNodes().stream()
            .filter(node -> node.masterEligible() && Election.mayWin(last, node))
            .toList();
    if (candidates.isEmpty()) {
      tasks.reconfigure();
    } else {
      events.abdicate(candidates.get(0));
    }
  }

  // ---- what is applied

  /**
   * A state is committed here.
   *
   * @param candidate whether the node has given up its leader by now
   */
  void committed(Node from, boolean candidate, Responder responder) {
    ClusterState committed = state.accepted();
    toApply = candidate ? committed.withoutMaster() : committed;
    if (from.equals(transport.self())) {
      responder.answer("");
      return;
    }
    String source =
        "ApplyCommitRequest{term=%d, version=%d, sourceNode=%s}"
            .formatted(committed.term(), committed.version(), from);
    applier.apply(() -> toApply, source, () -> responder.answer(""));
  }

  void withoutMaster(String source) {
    if (toApply.master().isPresent()) {
      toApply = toApply.withoutMaster();
      applier.apply(() -> toApply, source, () -> {});
    }
  }
}
