package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import java.util.List;
import java.util.Optional;

/** Another Sentinel, and what it last said of the master. */
final class OtherSentinel extends WatchedInstance {

  /** SENTINEL_ASK_PERIOD. */
  private static final long ASK_PERIOD = SECOND;

  private final WatchedMaster master;
  private final String runId;
  private boolean masterDown;
  private long answeredAt;
  private long greetedAt;
  private String namesMaster = "";
  private Optional<String> votedFor = Optional.empty();
  private long votedEpoch;

  OtherSentinel(WatchedMaster master, String runId, SentinelAddress address) {
    super(master.sentinel(), master.settings(), address);
    this.master = master;
    this.runId = runId;
    this.answeredAt = now();
    this.greetedAt = now();
  }

  @Override
  String kind() {
    return "sentinel";
  }

  @Override
  String name() {
    return runId;
  }

  @Override
  WatchedMaster group() {
    return master;
  }

  @Override
  SentinelLink newLink() {
    return sentinel().link(Optional.empty(), sentinel().password());
  }

  /** It has published its greeting, in which it names the master. */
  void greeted(String masterHost, int masterPort) {
    greetedAt = now();
    namesMaster = masterHost + ":" + masterPort;
  }

  /** Whom it takes for the master. */
  String namesMaster() {
    return namesMaster;
  }

  long sinceGreeting() {
    return now() - greetedAt;
  }

  /** MASTER_DOWN: it has said of late that the master is down. */
  boolean masterDown() {
    return masterDown;
  }

  Optional<String> votedFor() {
    return votedFor;
  }

  long votedEpoch() {
    return votedEpoch;
  }

  /**
   * Asks it whether the master is down.
   *
   * @param atOnce even if it has answered within the last second
   */
  void askAboutMaster(boolean atOnce) {
    if (now() - answeredAt > 5 * ASK_PERIOD) {
      masterDown = false;
      votedFor = Optional.empty();
    }
    if (master.down() && link().whole() && (atOnce || now() - answeredAt >= ASK_PERIOD)) {
      link().ask(master.downQuestion(), answer -> heard(answer.words()));
    }
  }

  private void heard(List<String> answer) {
    if (answer.size() != 3) {
      return;
    }
    answeredAt = now();
    masterDown = answer.get(0).equals("1");
    if (!answer.get(1).equals("*")) {
      long epoch = Long.parseLong(answer.get(2));
      if (epoch != votedEpoch) {
        sentinel().log().tell(runId + " voted for " + answer.get(1) + " " + epoch);
      }
      votedFor = Optional.of(answer.get(1));
      votedEpoch = epoch;
    }
  }
}
