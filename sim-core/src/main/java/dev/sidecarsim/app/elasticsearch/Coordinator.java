package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node's part in the cluster (the Coordinator of 7.x): a candidate looks for a master to join or
 * has itself elected, a leader publishes cluster states, a follower accepts them.
 */
final class Coordinator {

  private final Node self;
  private final Transport transport;
  private final PersistedState state;
  private final AppliedState applied;
  private final ElasticsearchLog log;
  private final Election election;
  private final FaultDetection leaderCheck;
  private @Nullable Leadership leadership;
  private @Nullable Node leader;
  private ImmutableList<Node> accepted = ImmutableList.of();

  Coordinator(
      ElasticsearchConfig config,
      Node self,
      Transport transport,
      PersistedState state,
      Random random,
      ElasticsearchLog log) {
    this.self = self;
    this.transport = transport;
    this.state = state;
    this.log = log;
    this.applied = new AppliedState(self, log);
    this.election =
        new Election(config.initialMasters(), self, transport, state, random, log, this::won);
    this.leaderCheck =
        new FaultDetection(
            node -> transport.send(node, "LEADER? " + state.term()),
            (node, now) -> leaderFailed(node, "leader check failed 3 times in a row"));
  }

  AppliedState applied() {
    return applied;
  }

  boolean leads() {
    return leadership != null && applied.master().isPresent();
  }

  /** Whether it looks for a master. */
  boolean isCandidate() {
    return leadership == null && leader == null;
  }

  /** Whom it tells others to join; empty if it is a candidate itself. */
  Optional<Node> knownLeader() {
    return leadership != null ? Optional.of(self) : Optional.ofNullable(leader);
  }

  /** Why there is no master (ClusterFormationFailureHelper). */
  String whyNoMaster(Collection<String> seeds) {
    return election.whyNot(seeds, applied.nodes());
  }

  // ---- the timer, ten times a second

  void tick(long now) {
    if (leadership != null) {
      leadership.tick(now);
    } else if (leader != null) {
      leaderCheck.tick(now);
    } else {
      election.tick(now);
    }
  }

  /** A candidate has heard who leads: it asks to join. */
  void foundLeader(Node found) {
    if (isCandidate()) {
      transport.connect(found, () -> transport.send(found, "JOIN " + state.term()));
    }
  }

  private void won(Collection<Node> voters, long now) {
    leadership =
        new Leadership(
            self,
            transport,
            state,
            applied,
            log,
            new Leadership.Events() {
              @Override
              public void committed(Collection<Node> members, long version) {
                String reason = "Publication{term=%d, version=%d}".formatted(state.term(), version);
                goBy(self, members, now, reason);
              }

              @Override
              public void resigned(String reason) {
                becomeCandidate(reason);
              }
            });
    leadership.begin(voters, now);
  }

  private void goBy(Node master, Collection<Node> members, long now, String reason) {
    applied
        .apply(master, members, now, state.term(), state.version(), reason)
        .forEach(transport::disconnect);
  }

  private void becomeCandidate(String reason) {
    leadership = null;
    leader = null;
    applied.noMaster(state.term(), state.version(), reason);
    election.reset();
  }

  private void enter(long term, String reason) {
    if (term > state.term()) {
      state.term(term);
      if (!isCandidate()) {
        becomeCandidate(reason);
      }
    }
  }

  private void leaderFailed(Node failed, String reason) {
    log.masterFailed(failed, reason);
    becomeCandidate("onLeaderFailure");
  }

  /** A connection to a node is gone. */
  void disconnected(Node node, long now) {
    if (leadership != null) {
      leadership.left(node, "disconnected", now);
    } else if (node.equals(leader)) {
      leaderFailed(
          node, "[%s][%s][disconnected] disconnected".formatted(node.name(), node.address()));
    }
  }

  // ---- messages

  void received(Node from, String message, Channel<String> channel, long now) {
    List<String> words = Splitter.on(' ').splitToList(message);
    long term = Long.parseLong(words.get(1));
    switch (words.get(0)) {
      case "PREVOTE?" -> channel.send(preVote(from));
      case "PREVOTE" -> election.preVoted(from, term, number(words, 2), number(words, 3), now);
      case "START_JOIN" -> startJoin(from, term);
      case "VOTE" -> voted(from, term, number(words, 2), number(words, 3), channel, now);
      case "JOIN" -> joined(from, term, channel, now);
      case "REFUSED" -> log.failedToJoin(from, message.substring("REFUSED 0 ".length()));
      case "PUBLISH" -> published(from, term, words, channel, now);
      case "ACK" -> withLeadership(term, leads -> leads.accepted(from, number(words, 2), now));
      case "COMMIT" -> committed(from, term, number(words, 2), now);
      case "FOLLOWER?" -> channel.send(answer(from.equals(leader) && term == state.term()));
      case "LEADER?" -> channel.send(answer(isLedBySelf(from, term)));
      case "WELL", "STRANGER" -> checked(from, words.get(0).equals("WELL"), now);
      default -> {
        // A newer release's word.
      }
    }
  }

  private static long number(List<String> words, int index) {
    return Long.parseLong(words.get(index));
  }

  private interface Leading {
    void in(Leadership leads);
  }

  private void withLeadership(long term, Leading then) {
    if (leadership != null && term == state.term()) {
      then.in(leadership);
    }
  }

  private String answer(boolean well) {
    return (well ? "WELL " : "STRANGER ") + state.term();
  }

  private boolean isLedBySelf(Node follower, long term) {
    return leadership != null && term == state.term() && leadership.has(follower);
  }

  private void checked(Node node, boolean well, long now) {
    if (leadership != null) {
      leadership.checked(node, well, now);
    } else {
      leaderCheck.answered(node, well, now);
    }
  }

  /** PreVoteCollector: who knows a leader wants no election, but by that leader. */
  private String preVote(Node candidate) {
    boolean content = knownLeader().filter(known -> !known.equals(candidate)).isPresent();
    return content
        ? "NO_PREVOTE " + state.term()
        : "PREVOTE " + state.term() + " " + state.acceptedTerm() + " " + state.version();
  }

  /** One vote a term. */
  private void startJoin(Node candidate, long term) {
    if (term > state.term()) {
      enter(term, "joinLeaderInTerm");
      String vote = "VOTE " + term + " " + state.acceptedTerm() + " " + state.version();
      transport.connect(candidate, () -> transport.send(candidate, vote));
    }
  }

  private void voted(
      Node voter, long term, long acceptedTerm, long version, Channel<String> channel, long now) {
    transport.connect(
        voter,
        () -> {
          if (isCandidate()) {
            election.voted(voter, term, acceptedTerm, version, now);
          } else {
            letJoin(voter, channel, now);
          }
        });
  }

  /** A leader lets others in once it can call them back. */
  private void joined(Node joiner, long term, Channel<String> channel, long now) {
    enter(term, "joinLeaderInTerm");
    transport.connect(joiner, () -> letJoin(joiner, channel, now));
  }

  private void letJoin(Node joiner, Channel<String> channel, long now) {
    if (leadership != null) {
      leadership.join(joiner, now).ifPresent(why -> refuse(channel, why));
    }
  }

  private static void refuse(Channel<String> channel, String reason) {
    channel.send("REFUSED 0 " + reason);
  }

  private void published(
      Node from, long term, List<String> words, Channel<String> channel, long now) {
    if (term < state.term() || (leadership != null && term == state.term())) {
      return;
    }
    enter(term, "handlePublishRequest");
    long version = number(words, 2);
    state.accept(version, VotingConfiguration.decode(words.get(3)));
    leader = from;
    leaderCheck.watch(List.of(from), now);
    accepted =
        words.subList(4, words.size()).stream()
            .map(Node::decode)
            .collect(ImmutableList.toImmutableList());
    Stream.concat(Stream.of(from), accepted.stream())
        .forEach(node -> transport.connect(node, () -> {}));
    channel.send("ACK " + term + " " + version);
  }

  private void committed(Node from, long term, long version, long now) {
    if (from.equals(leader) && term == state.term() && version == state.version()) {
      state.commit();
      String reason =
          "ApplyCommitRequest{term=%d, version=%d, sourceNode=%s}".formatted(term, version, from);
      goBy(from, accepted, now, reason);
    }
  }
}
