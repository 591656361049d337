package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Witness;
import dev.sidecarsim.app.redis.ClusterNode.Flag;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/**
 * A node's part of the cluster bus: a link of its own to each node that it knows, pings, and the
 * detection of failures (clusterCron).
 */
final class ClusterBus {

  private static final long CRON = millis(100);
  private static final int CRONS_PER_PING = 10;

  private final RedisServer server;
  private final ClusterView view;
  private final BusProtocol protocol;
  private final BusLinks links;
  private final Random random;
  private final NodesConf file;
  private int crons;

  /**
   * @param newId the own id, where the file has none
   * @param random draws the names of handshakes and the delays of elections
   */
  ClusterBus(RedisServer server, String newId, NodesConf file, Random random) {
    this.server = server;
    this.file = file;
    ImmutableList<ClusterNode> known = file.read(now());
    Optional<ClusterNode> before = known.stream().filter(node -> node.is(Flag.MYSELF)).findFirst();
    ClusterNode myself = myself(before.map(node -> node.id).orElse(newId));
    before.ifPresent(node -> resume(myself, node));
    this.view = new ClusterView(myself, server.config().cluster(), now());
    view.restore(file, known);
    this.random = random;
    this.links = new BusLinks(this, server);
    this.protocol = new BusProtocol(this, server, random);
  }

  private ClusterNode myself(String id) {
    RedisConfig config = server.config();
    ClusterConfig cluster = config.cluster();
    ClusterNode myself =
        new ClusterNode(
            id,
            config.pod(),
            cluster.announceIp().orElse(""),
            cluster.announcePort().orElse(config.port()),
            cluster.announceBusPort().orElse(config.busPort()),
            now(),
            Flag.MYSELF,
            Flag.MASTER);
    myself.hostname = cluster.hostname();
    return myself;
  }

  /** The own address of before holds until the node is met, unless one is announced. */
  private static void resume(ClusterNode myself, ClusterNode before) {
    myself.ip = myself.ip.isEmpty() ? before.ip : myself.ip;
    myself.role(before.masterId);
    myself.epoch = before.epoch;
    myself.slots.or(before.slots);
  }

  void start() {
    server
        .log()
        .notice(
            (file.exists() ? "Node configuration loaded" : "No cluster configuration found")
                + ", I'm "
                + view.myself().id);
    view.find(view.myself().masterId).ifPresent(this::replicate);
    server.process().after(CRON, this::cron);
  }

  BusProtocol protocol() {
    return protocol;
  }

  ClusterView view() {
    return view;
  }

  long now() {
    return server.process().namespace().scheduler().now();
  }

  private long timeout() {
    return server.config().cluster().nodeTimeout();
  }

  // ---- other nodes

  BusLinks links() {
    return links;
  }

  /** The first message on a link that was just opened. */
  void opened(ClusterNode node) {
    long before = node.pingSent;
    ping(node, node.flags.remove(Flag.MEET) ? BusMessage.Type.MEET : BusMessage.Type.PING);
    node.pingSent = before == 0 ? node.pingSent : before;
  }

  private void ping(ClusterNode node, BusMessage.Type type) {
    node.pingSent = now();
    links.send(node, protocol.message(type));
  }

  /** CLUSTER MEET. */
  void meet(String ip, int port, int busPort) {
    startHandshake(ip, port, busPort, true);
  }

  /** A node with a name of its own for now, which the first PONG replaces. */
  void startHandshake(String ip, int port, int busPort, boolean meet) {
    if (!view.handshakes(ip, busPort)) {
      ClusterNode node =
          new ClusterNode(Ids.next(random), "", ip, port, busPort, now(), Flag.HANDSHAKE);
      if (meet) {
        node.flags.add(Flag.MEET);
      }
      view.add(node);
    }
  }

  /** CLUSTER REPLICATE: becomes a replica of a master, from the address known of it. */
  void replicate(ClusterNode master) {
    view.myself().role(master.id);
    server.replication().follow(new RedisConfig.Address(master.ip, master.port));
  }

  // ---- the cron

  private void cron() {
    crons++;
    for (ClusterNode node : view.nodes()) {
      if (node.is(Flag.HANDSHAKE) && now() - node.createdAt > Math.max(timeout(), SECOND)) {
        view.remove(node);
      } else if (!node.is(Flag.MYSELF) && !node.is(Flag.NOADDR) && node.link == null) {
        links.connect(node);
      }
    }
    if (crons % CRONS_PER_PING == 0) {
      pingOldest();
    }
    view.nodes().stream().filter(ClusterNode::known).forEach(this::watch);
    protocol.election().tick();
    updateState();
    file.write(view);
    server.process().after(CRON, this::cron);
  }

  private void pingOldest() {
    view.nodes().stream()
        .filter(node -> node.known() && node.link != null && node.pingSent == 0)
        .min(Comparator.comparingLong(node -> node.pongReceived))
        .ifPresent(node -> ping(node, BusMessage.Type.PING));
  }

  /** Pings what was not heard for half the timeout; suspects what does not answer in all of it. */
  private void watch(ClusterNode node) {
    long half = timeout() / 2;
    boolean silent = now() - node.pingSent > half && now() - node.dataReceived > half;
    if (node.link != null && node.pingSent != 0 && silent) {
      node.dropLink();
    }
    if (node.link != null && node.pingSent == 0 && now() - node.pongReceived > half) {
      ping(node, BusMessage.Type.PING);
    }
    long delay = Math.min(now() - node.pingSent, now() - node.dataReceived);
    if (node.pingSent != 0 && delay > timeout() && !node.is(Flag.FAIL)) {
      node.flags.add(Flag.PFAIL);
    }
  }

  /** To all nodes with a link. */
  void broadcast(BusMessage message) {
    view.nodes().forEach(node -> links.send(node, message));
  }

  /** To the other replicas of the own master. */
  void tellReplicas(BusMessage message) {
    view.nodes().stream()
        .filter(node -> node.is(Flag.SLAVE) && node.masterId.equals(view.myself().masterId))
        .forEach(node -> links.send(node, message));
  }

  private void updateState() {
    String before = state();
    view.update(now());
    if (!before.equals(state())) {
      server.log().warning("Cluster state changed: " + state());
    }
  }

  // ---- what clients and reports ask

  ClusterConfig config() {
    return server.config().cluster();
  }

  RedisLog log() {
    return server.log();
  }

  RedisRelease release() {
    return server.config().release();
  }

  /** How much of the replication stream the node itself has. */
  long offset() {
    return server.replication().stream().offset();
  }

  String state() {
    return view.state();
  }

  OptionalLong okSince() {
    return view.okSince();
  }

  boolean knows(String pod) {
    return view.nodes().stream()
        .anyMatch(node -> node.known() && node.pod.equals(pod) && !node.is(Flag.FAIL));
  }

  ImmutableList<Witness.BookEntry> book() {
    return view.nodes().stream()
        .filter(node -> !node.is(Flag.HANDSHAKE) && !node.ip.isEmpty())
        .map(node -> new Witness.BookEntry(node.pod, node.ip, node.port))
        .collect(ImmutableList.toImmutableList());
  }
}
