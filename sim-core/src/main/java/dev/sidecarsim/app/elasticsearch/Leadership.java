package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One term of a leader: who has joined, and the cluster states that it publishes, one after the
 * other. A state is committed once a quorum has accepted it.
 */
final class Leadership {

  /** What becomes of it. */
  interface Events {
    void committed(Collection<Node> members, long version);

    /** It cannot go on. */
    void resigned(String reason);
  }

  /** cluster.publish.timeout. */
  private static final long PUBLISH_TIMEOUT = 30 * SECOND;

  private final Node self;
  private final Transport transport;
  private final PersistedState state;
  private final AppliedState applied;
  private final ElasticsearchLog log;
  private final Events events;
  private final FaultDetection followers;
  private final Map<String, Node> members = new LinkedHashMap<>();
  private final List<String> queued = new ArrayList<>();
  private final Set<Node> accepted = new LinkedHashSet<>();
  private String source = "";
  private boolean committed = true;
  private long publishedAt;

  Leadership(
      Node self,
      Transport transport,
      PersistedState state,
      AppliedState applied,
      ElasticsearchLog log,
      Events events) {
    this.self = self;
    this.transport = transport;
    this.state = state;
    this.applied = applied;
    this.log = log;
    this.events = events;
    this.followers =
        new FaultDetection(
            node -> transport.send(node, "FOLLOWER? " + state.term()),
            (node, now) -> left(node, "followers check retry count exceeded", now));
  }

  /** Begins with the nodes that voted for it, itself among them. */
  void begin(Collection<Node> voters, long now) {
    voters.forEach(voter -> members.put(voter.ephemeralId(), voter));
    String joined =
        voters.stream().map(voter -> voter + " elect leader").collect(Collectors.joining(", "));
    publish(
        "elected-as-master ([%d] nodes joined)[%s, _BECOME_MASTER_TASK_, _FINISH_ELECTION_]"
            .formatted(voters.size(), joined),
        state.accepted(),
        now);
  }

  boolean has(Node node) {
    return members.containsKey(node.ephemeralId());
  }

  /**
   * Lets a node join.
   *
   * @return why not: an earlier life of the node is not known to be over
   */
  Optional<String> join(Node joiner, long now) {
    for (Node member : members.values()) {
      if (member.id().equals(joiner.id()) && !member.equals(joiner)) {
        return Optional.of(
            "can't add node %s, found existing node %s with the same id but is a different node instance"
                .formatted(joiner, member));
      }
    }
    members.put(joiner.ephemeralId(), joiner);
    change("node-join[" + joiner + " join existing leader]", now);
    return Optional.empty();
  }

  void left(Node node, String reason, long now) {
    if (members.remove(node.ephemeralId()) != null) {
      change("node-left[" + node + " reason: " + reason + "]", now);
    }
  }

  private void change(String what, long now) {
    if (!possible(state.accepted()) || !possible(state.committed())) {
      resign(what, state.version() + 1);
    } else if (committed) {
      publish(what, state.accepted(), now);
    } else {
      queued.add(what);
    }
  }

  private void resign(String what, long version) {
    members.clear();
    log.cannotCommit(what, version);
    events.resigned("Publication.onCompletion(false)");
  }

  private boolean possible(VotingConfiguration configuration) {
    return configuration.hasQuorum(ids(members.values()));
  }

  private static ImmutableSet<String> ids(Collection<Node> nodes) {
    return nodes.stream()
        .filter(Node::masterEligible)
        .map(Node::id)
        .collect(ImmutableSet.toImmutableSet());
  }

  // ---- publications

  private void publish(String what, VotingConfiguration configuration, long now) {
    source = what;
    committed = false;
    publishedAt = now;
    accepted.clear();
    state.accept(state.version() + 1, configuration);
    String delta = applied.delta(Optional.of(self), members.values());
    if (!delta.isEmpty()) {
      log.publishes(what, state.term(), state.version(), delta);
    }
    List<Node> others = new ArrayList<>(members.values());
    others.remove(self);
    followers.watch(others, now);
    String message =
        "PUBLISH %d %d %s %s"
            .formatted(
                state.term(),
                state.version(),
                configuration.encode(),
                members.values().stream().map(Node::encode).collect(Collectors.joining(" ")));
    others.forEach(node -> transport.send(node, message));
    accepted(self, state.version(), now);
  }

  /** A node has accepted a state. */
  void accepted(Node node, long version, long now) {
    if (version != state.version()) {
      return;
    }
    accepted.add(node);
    if (committed) {
      tell(node);
    } else if (state.accepted().hasQuorum(ids(accepted))
        && state.committed().hasQuorum(ids(accepted))) {
      commit(now);
    }
  }

  private void commit(long now) {
    committed = true;
    state.commit();
    events.committed(List.copyOf(members.values()), state.version());
    accepted.forEach(this::tell);
    VotingConfiguration better = state.accepted().improved(ids(members.values()), self.id());
    if (!queued.isEmpty()) {
      String next = String.join(", ", queued);
      queued.clear();
      publish(next, state.accepted(), now);
    } else if (!better.equals(state.accepted())) {
      publish("reconfigure", better, now);
    }
  }

  private void tell(Node node) {
    if (!node.equals(self)) {
      transport.send(node, "COMMIT " + state.term() + " " + state.version());
    }
  }

  // ---- checks

  void checked(Node follower, boolean well, long now) {
    followers.answered(follower, well, now);
  }

  void tick(long now) {
    followers.tick(now);
    if (!committed && now - publishedAt > PUBLISH_TIMEOUT) {
      resign(source, state.version());
    }
  }
}
