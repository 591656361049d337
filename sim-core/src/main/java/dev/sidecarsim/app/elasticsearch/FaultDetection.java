package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.elasticsearch.Requests.Failure;
import dev.sidecarsim.app.elasticsearch.Requests.Response;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Asks nodes whether they are well: {@code cluster.fault_detection.leader_check} of followers,
 * {@code follower_check} of the leader. A node whose answers fail three times in a row is given up;
 * silence is a failure after ten seconds, so that it takes half a minute. One to which the
 * connection is gone is given up at once.
 */
final class FaultDetection {

  /** Who is told of a node that is given up. */
  interface Faults {
    void failed(Node node, Reason reason);
  }

  /**
   * Why a node is given up.
   *
   * @param disconnected whether the connection is gone; else checks failed
   * @param last what came of the last check
   */
  record Reason(boolean disconnected, int timeouts, int refusals, String last) {}

  /** interval, timeout and retry_count of both kinds of checks. */
  private static final long INTERVAL = SECOND;

  private static final long TIMEOUT = 10 * SECOND;
  private static final int RETRIES = 3;

  private final Transport transport;
  private final Supplier<String> question;
  private final Faults faults;
  private final Map<Node, Check> checks = new LinkedHashMap<>();
  private final Set<Node> faulty = new LinkedHashSet<>();

  /**
   * @param question the request of a check
   */
  FaultDetection(Transport transport, Supplier<String> question, Faults faults) {
    this.transport = transport;
    this.question = question;
    this.faults = faults;
  }

  /** Watches these nodes and no others from now on; the first check goes out at once. */
  void watch(Collection<Node> nodes) {
    ImmutableSet<Node> wanted = ImmutableSet.copyOf(nodes);
    checks.keySet().retainAll(wanted);
    faulty.retainAll(wanted);
    for (Node node : ImmutableList.copyOf(wanted)) {
      if (!checks.containsKey(node) && !faulty.contains(node)) {
        Check check = new Check(node);
        checks.put(node, check);
        check.ask();
      }
    }
  }

  void stop() {
    watch(List.of());
  }

  /** Whether a node that is watched has been given up. */
  boolean isFaulty(Node node) {
    return faulty.contains(node);
  }

  /** The connection to a node is gone. */
  void disconnected(Node node) {
    Check check = checks.get(node);
    if (check != null) {
      check.giveUp(true, "disconnected");
    }
  }

  private final class Check implements Response {
    private final Node node;
    private int timeouts;
    private int refusals;

    Check(Node node) {
      this.node = node;
    }

    private boolean running() {
      return checks.get(node) == this;
    }

    void ask() {
      if (running()) {
        transport.request(node, question.get(), TIMEOUT, this);
      }
    }

    private void again() {
      transport.process().after(INTERVAL, this::ask);
    }

    @Override
    public void answered(List<String> words) {
      timeouts = 0;
      refusals = 0;
      again();
    }

    @Override
    public void failed(Failure failure) {
      if (!running()) {
        return;
      }
      timeouts += failure.kind() == Failure.Kind.TIMED_OUT ? 1 : 0;
      refusals += failure.kind() == Failure.Kind.REFUSED ? 1 : 0;
      if (failure.disconnected() || timeouts + refusals >= RETRIES) {
        giveUp(failure.disconnected(), failure.text());
      } else {
        again();
      }
    }

    void giveUp(boolean disconnected, String last) {
      checks.remove(node);
      faulty.add(node);
      faults.failed(node, new Reason(disconnected, timeouts, refusals, last));
    }
  }
}
