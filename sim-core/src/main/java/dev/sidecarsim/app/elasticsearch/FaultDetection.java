package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/**
 * Asks nodes whether they are well: {@code cluster.fault_detection.leader_check} of followers,
 * {@code follower_check} of the leader. A node whose answers fail three times in a row is given up;
 * silence is a failure after ten seconds, so that it takes half a minute.
 */
final class FaultDetection {

  /** interval, timeout and retry_count of both kinds of checks. */
  private static final long INTERVAL = SECOND;

  private static final long TIMEOUT = 10 * SECOND;
  private static final int RETRIES = 3;

  private static final class Check {
    private final Node node;
    private boolean waits;
    private long due;
    private int failures;

    Check(Node node, long due) {
      this.node = node;
      this.due = due;
    }

    void next(boolean well, long now) {
      waits = false;
      failures = well ? 0 : failures + 1;
      due = now + INTERVAL;
    }
  }

  private final Consumer<Node> asker;
  private final ObjLongConsumer<Node> failed;
  private final Map<String, Check> checks = new LinkedHashMap<>();

  /**
   * @param asker sends the question
   * @param failed is told of a node that is given up, and the time
   */
  FaultDetection(Consumer<Node> asker, ObjLongConsumer<Node> failed) {
    this.asker = asker;
    this.failed = failed;
  }

  /** Watches these nodes and no others from now on. */
  void watch(Collection<Node> nodes, long now) {
    ImmutableSet<String> wanted =
        nodes.stream().map(Node::ephemeralId).collect(ImmutableSet.toImmutableSet());
    checks.keySet().retainAll(wanted);
    nodes.forEach(node -> checks.putIfAbsent(node.ephemeralId(), new Check(node, now + INTERVAL)));
  }

  /**
   * A node has answered.
   *
   * @param well whether it takes the asker for what it takes itself for
   */
  void answered(Node node, boolean well, long now) {
    Check check = checks.get(node.ephemeralId());
    if (check != null && check.waits) {
      check.next(well, now);
      giveUp(check, now);
    }
  }

  void tick(long now) {
    for (Check check : List.copyOf(checks.values())) {
      if (now < check.due) {
        continue;
      }
      if (check.waits) {
        check.next(false, now);
        giveUp(check, now);
      } else {
        check.waits = true;
        check.due = now + TIMEOUT;
        asker.accept(check.node);
      }
    }
  }

  private void giveUp(Check check, long now) {
    if (check.failures >= RETRIES) {
      checks.remove(check.node.ephemeralId());
      failed.accept(check.node, now);
    }
  }
}
