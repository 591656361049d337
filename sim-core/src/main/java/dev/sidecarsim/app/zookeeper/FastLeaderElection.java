package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Timer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The election: each server tells all voters whom it wants, takes over better wishes, and has
 * decided once a quorum wants the same and nothing better came for a while.
 */
final class FastLeaderElection {

  /** FastLeaderElection.finalizeWait. */
  private static final long FINALIZE_WAIT = millis(200);

  /** zookeeper.fastleader.minNotificationInterval. */
  private static final long FIRST_INTERVAL = millis(200);

  /** zookeeper.fastleader.maxNotificationInterval. */
  private static final long LONGEST_INTERVAL = 60 * SECOND;

  private final QuorumPeer peer;
  private final ElectionNetwork network;
  private final Bytes configuration;

  /** Votes of this round. */
  private final Map<Long, Vote> received = new TreeMap<>();

  /** Votes of servers that have a leader. */
  private final Map<Long, Vote> outOfElection = new TreeMap<>();

  private Vote proposal;
  private long round;
  private long interval;

  /** When the last message that came is through the queues, which keep the order. */
  private long handedOver;

  private boolean finalizing;
  private @Nullable Timer wait;

  FastLeaderElection(QuorumPeer peer, ElectionNetwork network) {
    this.peer = peer;
    this.network = network;
    this.configuration = peer.config().quorumText();
    this.proposal = peer.vote();
  }

  void lookForLeader() {
    round++;
    received.clear();
    outOfElection.clear();
    finalizing = false;
    interval = FIRST_INTERVAL;
    proposal = ownVote();
    sendNotifications();
    waitFor(interval, this::notificationTimeout);
  }

  /** A voter stands for itself; an observer's vote loses to every other. */
  private Vote ownVote() {
    return peer.observer()
        ? new Vote(Long.MIN_VALUE, Long.MIN_VALUE, round, Long.MIN_VALUE, PeerState.LOOKING)
        : new Vote(
            peer.config().myId(),
            peer.zxid(),
            round,
            peer.data().currentEpoch(),
            PeerState.LOOKING);
  }

  private void sendNotifications() {
    for (long sid : peer.config().voters()) {
      send(sid, proposal.withRound(round));
    }
  }

  private void send(long sid, Vote vote) {
    network.send(sid, new Notification(peer.config().myId(), vote).encode(configuration));
  }

  private void notificationTimeout() {
    if (network.delivered()) {
      sendNotifications();
    } else {
      network.connectAll();
    }
    interval = Math.min(interval * 2, LONGEST_INTERVAL);
    peer.log().timeOut(Durations.toMillis(interval));
    waitFor(interval, this::notificationTimeout);
  }

  private void waitFor(long nanos, Runnable then) {
    if (wait != null) {
      wait.cancel();
    }
    wait = peer.process().after(nanos + peer.delays().oversleep(), then);
  }

  // ---- messages

  /** A message from a peer, or from this server to itself. */
  void receive(long from, Bytes message) {
    long now = peer.process().namespace().scheduler().now();
    handedOver = Math.max(handedOver, now + peer.delays().handOver());
    peer.process()
        .after(handedOver - now, () -> Notification.decode(from, message).ifPresent(this::receive));
  }

  private void receive(Notification notification) {
    boolean looking = peer.state() == PeerState.LOOKING;
    boolean asks = notification.vote().state() == PeerState.LOOKING;
    if (!peer.config().voter(notification.from())) {
      send(notification.from(), peer.vote().withRound(round).in(peer.state()));
      return;
    }
    peer.log().notification(peer.state(), notification.from(), notification.vote());
    if (looking) {
      if (asks && notification.vote().round() < round) {
        send(notification.from(), current());
      }
      consider(notification);
    } else if (asks) {
      send(notification.from(), peer.vote());
    }
  }

  private Vote current() {
    return proposal.withRound(round);
  }

  private void consider(Notification notification) {
    if (finalizing) {
      if (!better(notification.vote(), proposal)) {
        waitToFinalize();
        return;
      }
      finalizing = false;
    }
    Vote vote = notification.vote();
    if (peer.config().voter(vote.leader())) {
      switch (vote.state()) {
        case LOOKING -> considerWish(notification.from(), vote);
        case FOLLOWING, LEADING -> considerLeader(notification.from(), vote);
        case OBSERVING -> {
          // An observer's word counts for nothing.
        }
      }
    }
    if (peer.state() == PeerState.LOOKING && !finalizing) {
      waitFor(interval, this::notificationTimeout);
    }
  }

  private void considerWish(long from, Vote vote) {
    if (vote.round() < round) {
      return;
    }
    if (vote.round() > round) {
      round = vote.round();
      received.clear();
      Vote own = ownVote();
      proposal = better(vote, own) ? vote : own;
      sendNotifications();
    } else if (better(vote, proposal)) {
      proposal = vote;
      sendNotifications();
    }
    received.put(from, vote);
    if (quorum(received, current()::agrees)) {
      waitToFinalize();
    }
  }

  private void waitToFinalize() {
    finalizing = true;
    waitFor(FINALIZE_WAIT, this::decideForProposal);
  }

  private void decideForProposal() {
    leave(current());
  }

  private void considerLeader(long from, Vote vote) {
    if (vote.round() == round) {
      received.put(from, vote);
      if (quorum(received, vote::agreesInRound) && leaderSpoke(received, vote)) {
        leave(vote);
        return;
      }
    }
    outOfElection.put(from, vote);
    if (quorum(outOfElection, vote::agrees) && leaderSpoke(outOfElection, vote)) {
      round = vote.round();
      leave(vote);
    }
  }

  private boolean better(Vote vote, Vote than) {
    return peer.verifier().weight(vote.leader()) > 0 && vote.beats(than);
  }

  private boolean quorum(Map<Long, Vote> votes, Predicate<Vote> agree) {
    Set<Long> agreeing =
        votes.entrySet().stream()
            .filter(entry -> agree.test(entry.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return peer.verifier().containsQuorum(agreeing);
  }

  /** checkLeader: a leader that others follow counts only if it says itself that it leads. */
  private boolean leaderSpoke(Map<Long, Vote> votes, Vote vote) {
    if (vote.leader() == peer.config().myId()) {
      return round == vote.round();
    }
    return Optional.ofNullable(votes.get(vote.leader()))
        .filter(own -> own.state() == PeerState.LEADING)
        .isPresent();
  }

  private void leave(Vote decision) {
    if (wait != null) {
      wait.cancel();
    }
    finalizing = false;
    PeerState next =
        decision.leader() == peer.config().myId()
            ? PeerState.LEADING
            : peer.observer() ? PeerState.OBSERVING : PeerState.FOLLOWING;
    peer.decided(decision, next);
  }
}
