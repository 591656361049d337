package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import dev.sidecarsim.app.redis.ClusterNode.Flag;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;

/**
 * How a replica takes the place of a master that failed (clusterHandleSlaveFailover), and how
 * masters vote for it (clusterSendFailoverAuthIfNeeded).
 */
final class ClusterElection {

  /** So long a FAIL has to spread before votes are asked for; and a random part of as much. */
  private static final int DELAY_MILLIS = 500;

  private static final long PER_RANK = SECOND;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final RedisServer server;
  private final ClusterBus bus;
  private final BusProtocol protocol;
  private final ClusterConfig config;
  private final Random random;
  private long startsAt = NEVER;
  private boolean asked;
  private int rank;
  private int votes;
  private long epoch;

  /**
   * @param random draws the delays that keep replicas from asking at once
   */
  ClusterElection(RedisServer server, ClusterBus bus, BusProtocol protocol, Random random) {
    this.server = server;
    this.bus = bus;
    this.protocol = protocol;
    this.config = server.config().cluster();
    this.random = random;
  }

  private ClusterView view() {
    return bus.view();
  }

  // ---- a replica

  /** Ten times a second. */
  void tick() {
    Optional<ClusterNode> failed =
        view()
            .ownMaster()
            .filter(master -> master.is(Flag.FAIL) && !master.slots.isEmpty())
            .filter(master -> !config.noFailover() && config.valid(server.replication().dataAge()));
    if (failed.isEmpty()) {
      return;
    }
    long age = bus.now() - startsAt;
    long timeout = Math.max(2 * config.nodeTimeout(), 2 * SECOND);
    if (age > 2 * timeout) {
      schedule();
    } else if (!asked) {
      giveWay();
      ask(timeout);
    } else if (age <= timeout && votes >= view().masters() / 2 + 1) {
      win(failed.get());
    }
  }

  private void schedule() {
    rank = view().rank(server.replication().stream().offset());
    long delay = millis(DELAY_MILLIS + random.nextInt(DELAY_MILLIS)) + rank * PER_RANK;
    startsAt = bus.now() + delay;
    asked = false;
    votes = 0;
    server
        .log()
        .warning(
            "Start of election delayed for %d milliseconds (rank #%d, offset %d)."
                .formatted(delay / millis(1), rank, server.replication().stream().offset()));
    bus.tellReplicas(protocol.message(BusMessage.Type.PONG));
  }

  /** Another replica has turned out to have more of the stream. */
  private void giveWay() {
    int better = view().rank(server.replication().stream().offset());
    if (better > rank) {
      startsAt += (better - rank) * PER_RANK;
      rank = better;
    }
  }

  private void ask(long timeout) {
    long age = bus.now() - startsAt;
    if (age >= 0 && age <= timeout) {
      epoch = view().nextEpoch();
      asked = true;
      server.log().warning("Starting a failover election for epoch " + epoch + ".");
      bus.broadcast(protocol.message(BusMessage.Type.AUTH_REQUEST));
    }
  }

  /** A node has voted. */
  void granted(ClusterNode voter, BusMessage message) {
    if (voter.votes() && message.currentEpoch() >= epoch) {
      votes++;
    }
  }

  /** clusterFailoverReplaceYourMaster. */
  private void win(ClusterNode old) {
    server.log().warning("Failover election won: I'm the new master.");
    server.log().warning("configEpoch set to " + epoch + " after successful failover");
    ClusterNode myself = view().myself();
    myself.role("-");
    myself.epoch = epoch;
    myself.slots.or(old.slots);
    old.slots.clear();
    server.replication().lead();
    bus.broadcast(protocol.message(BusMessage.Type.PONG));
  }

  // ---- a master

  /** A replica asks for a vote: one each epoch, and one each while for the same master. */
  void requested(ClusterNode candidate, BusMessage request) {
    boolean mayVote = view().myself().votes() && view().mayVoteIn(request.currentEpoch());
    Optional<ClusterNode> failed =
        view()
            .find(candidate.masterId)
            .filter(master -> mayVote && master.is(Flag.FAIL))
            .filter(master -> bus.now() - master.votedAt >= 2 * config.nodeTimeout())
            .filter(master -> !outdated(request));
    if (failed.isPresent()) {
      failed.get().votedAt = bus.now();
      view().voted();
      bus.links().send(candidate, protocol.message(BusMessage.Type.AUTH_ACK));
      server
          .log()
          .warning(
              "Failover auth granted to %s for epoch %d"
                  .formatted(candidate.id, request.currentEpoch()));
    }
  }

  /** Whether somebody has one of the slots by a newer configuration. */
  private boolean outdated(BusMessage request) {
    BitSet claimed = Slots.read(request.slots());
    return view().nodes().stream()
        .anyMatch(node -> node.epoch > request.epoch() && node.slots.intersects(claimed));
  }
}
