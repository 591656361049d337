package dev.sidecarsim.app.nifi;

import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.zookeeper.client.Curator;
import dev.sidecarsim.app.zookeeper.client.LeaderSelector;
import dev.sidecarsim.host.Process;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** The elections that a node takes part in, by way of ZooKeeper (CuratorLeaderElectionManager). */
final class Roles {

  /** A role and its name among the nodes of ZooKeeper. */
  enum Role {
    COORDINATOR("Cluster Coordinator"),
    PRIMARY("Primary Node");

    private final String text;

    Role(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Who leads looks every 50 times 100 ms whether ZooKeeper says so too. */
  private static final long VERIFY = seconds(5);

  private static final String THREAD = "Leader Election Notification Thread-1";

  private final Process process;
  private final String root;
  private final String participant;
  private final Random random;
  private final NifiLog log;
  private final Curator curator;
  private final Map<Role, Optional<String>> lastKnown = new EnumMap<>(Role.class);
  private boolean stopped;
  private final Map<Role, LeaderSelector> selectors = new EnumMap<>(Role.class);

  /**
   * @param participant what a leader's node in ZooKeeper says: where it takes messages
   */
  Roles(
      Process process,
      NifiConfig config,
      String participant,
      Random random,
      Encounters encounters,
      NifiLog log) {
    this.process = process;
    this.root = config.zooKeeperRoot();
    this.participant = participant;
    this.random = random;
    this.log = log;
    this.curator = new Curator(process, config.zooKeeper(), random, encounters);
  }

  void start() {
    curator.start();
  }

  /** Gives all roles up, and ends the session with ZooKeeper. */
  void stop() {
    stopped = true;
    selectors.values().forEach(LeaderSelector::close);
    selectors.clear();
    curator.close();
    log("Thread-1", this + " stopped and closed");
  }

  private String path(Role role) {
    return root + (root.endsWith("/") ? "" : "/") + "leaders/" + role;
  }

  /** Asks ZooKeeper; nobody leads where it cannot be reached. */
  void find(Role role, Consumer<Optional<String>> leader) {
    LeaderSelector.leader(
        curator,
        path(role),
        found -> {
          lastKnown.put(role, found);
          leader.accept(found);
        });
  }

  /** Whom ZooKeeper named when it was last asked. */
  Optional<String> lastKnown(Role role) {
    return lastKnown.getOrDefault(role, Optional.empty());
  }

  /** Asks ZooKeeper whether this node has a role. */
  void verify(Role role, Consumer<Boolean> leads) {
    find(role, leader -> leads.accept(leader.equals(Optional.of(participant))));
  }

  /** Whether the node takes itself for the one who has a role. */
  boolean leads(Role role) {
    return selector(role).isPresent();
  }

  /**
   * Takes part in an election, once.
   *
   * @param changed is told whether the node has the role now
   */
  void register(Role role, Consumer<Boolean> changed) {
    if (selectors.containsKey(role)) {
      log(
          "main",
          this
              + " Attempted to register Leader Election for role '"
              + role
              + "' but this role is already registered");
      return;
    }
    LeaderSelector selector =
        new LeaderSelector(
            process, curator, path(role), participant, random, new Changes(role, changed));
    selectors.put(role, selector);
    selector.start();
    log(
        "main",
        this
            + " Registered new Leader Selector for role "
            + role
            + "; this node is an active participant in the election.");
  }

  /** Takes no part any more. */
  void unregister(Role role) {
    LeaderSelector selector = selectors.remove(role);
    if (selector != null) {
      selector.close();
      log(
          "Disconnect from Cluster",
          "This node is no longer registered to be elected as the Leader for Role '" + role + "'");
    }
  }

  private void log(String thread, String text) {
    log.info(NifiLog.Logger.ELECTION, thread, text);
  }

  private void verifyLater(Role role) {
    process.after(
        VERIFY,
        () -> selector(role).ifPresent(own -> verify(role, leads -> verified(role, leads))));
  }

  /** The one that leads, if the node takes itself for the leader. */
  private Optional<LeaderSelector> selector(Role role) {
    return Optional.ofNullable(selectors.get(role)).filter(LeaderSelector::leads);
  }

  private void verified(Role role, boolean stillLeads) {
    if (stillLeads) {
      verifyLater(role);
      return;
    }
    selector(role)
        .ifPresent(
            own -> {
              log(
                  THREAD,
                  "According to ZooKeeper, this node is no longer the leader for Role '%s'. Will relinquish leadership."
                      .formatted(role));
              own.relinquish();
            });
  }

  @Override
  public String toString() {
    return "CuratorLeaderElectionManager[stopped=" + stopped + "]";
  }

  private final class Changes implements LeaderSelector.Listener {
    private final Role role;
    private final Consumer<Boolean> changed;

    Changes(Role role, Consumer<Boolean> changed) {
      this.role = role;
      this.changed = changed;
    }

    @Override
    public void elected() {
      log(THREAD, this + " This node has been elected Leader for Role '" + role + "'");
      changed.accept(true);
      verifyLater(role);
    }

    @Override
    public void relinquished() {
      log(THREAD, this + " This node is no longer leader for role '" + role + "'");
      changed.accept(false);
    }

    @Override
    public void stateChanged(Curator.State state) {
      log("Curator-ConnectionStateManager-0", this + " Connection State changed to " + state);
    }

    @Override
    public String toString() {
      return "org.apache.nifi.controller.leader.election.CuratorLeaderElectionManager$ElectionListener@"
          + Integer.toHexString((participant + role).hashCode());
    }
  }
}
