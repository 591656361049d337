package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.elasticsearch.Requests.Failure;
import dev.sidecarsim.app.elasticsearch.Requests.Response;
import dev.sidecarsim.time.Timer;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One state on its way to all of its nodes: each accepts it, and applies it once enough have. It is
 * over when none is left to wait for, at the latest after half a minute; until then the master does
 * not go by it itself.
 */
final class Publication {

  /** Who publishes. */
  interface Owner {
    /**
     * A node has accepted the state.
     *
     * @param words what it answered: its vote, if it has one
     * @return whether the state is committed by that
     */
    boolean accepted(Node node, List<String> words);

    /** Whether these nodes would be enough. */
    boolean quorum(Collection<Node> nodes);

    void applied(Node node, long version);

    /** It is over; told once. */
    void completed(Publication publication, boolean committed);
  }

  /** The requests. */
  static final String PUBLISH = "PUBLISH";

  static final String COMMIT = "COMMIT";

  /** cluster.publish.timeout. */
  private static final long TIMEOUT = 30 * SECOND;

  /** cluster.publish.info_timeout. */
  private static final long INFO_TIMEOUT = 10 * SECOND;

  private enum Stage {
    SENT_PUBLISH_REQUEST,
    WAITING_FOR_QUORUM,
    SENT_APPLY_COMMIT,
    APPLIED_COMMIT,
    FAILED;

    private static final Set<Stage> ACTIVE =
        EnumSet.of(SENT_PUBLISH_REQUEST, WAITING_FOR_QUORUM, SENT_APPLY_COMMIT);
  }

  private final Transport transport;
  private final ElasticsearchLog log;
  private final ClusterState state;
  private final Owner owner;
  private final Map<Node, Stage> targets = new LinkedHashMap<>();
  private final List<Timer> timers;
  private boolean committed;
  private boolean over;

  /**
   * Sends a state to its nodes.
   *
   * @param faulty nodes that are not even tried
   */
  Publication(
      Transport transport,
      ElasticsearchLog log,
      ClusterState state,
      Predicate<Node> faulty,
      Owner owner) {
    this.transport = transport;
    this.log = log;
    this.state = state;
    this.owner = owner;
    state
        .nodes()
        .forEach(
            node ->
                targets.put(node, faulty.test(node) ? Stage.FAILED : Stage.SENT_PUBLISH_REQUEST));
    this.timers =
        List.of(
            transport.process().after(TIMEOUT, this::timeOut),
            transport.process().after(INFO_TIMEOUT, () -> log.waits(state, waiting())));
  }

  /** Begins; a state that too few can accept is over at once. */
  void start() {
    String request = PUBLISH + " " + state.encode();
    for (Node node : nodes(Stage.SENT_PUBLISH_REQUEST)) {
      transport.request(node, request, 0, new Accepting(node));
    }
    failIfHopeless();
  }

  ClusterState state() {
    return state;
  }

  boolean isCommitted() {
    return committed;
  }

  /** The nodes that go by it. */
  ImmutableList<Node> completedNodes() {
    return nodes(Stage.APPLIED_COMMIT);
  }

  private ImmutableList<Node> nodes(Stage stage) {
    return targets.entrySet().stream()
        .filter(target -> target.getValue() == stage)
        .map(Map.Entry::getKey)
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<String> waiting() {
    return targets.entrySet().stream()
        .filter(target -> Stage.ACTIVE.contains(target.getValue()))
        .map(target -> target.getKey() + " [" + target.getValue() + "]")
        .collect(ImmutableList.toImmutableList());
  }

  private final class Accepting implements Response {
    private final Node node;

    Accepting(Node node) {
      this.node = node;
    }

    @Override
    public void answered(List<String> words) {
      if (targets.get(node) != Stage.SENT_PUBLISH_REQUEST) {
        return;
      }
      targets.put(node, Stage.WAITING_FOR_QUORUM);
      if (owner.accepted(node, words) || committed) {
        committed = true;
        nodes(Stage.WAITING_FOR_QUORUM).forEach(Publication.this::sendCommit);
      }
      completeIfDone();
    }

    @Override
    public void failed(Failure failure) {
      Publication.this.failed(node);
    }
  }

  private void sendCommit(Node node) {
    targets.put(node, Stage.SENT_APPLY_COMMIT);
    transport.request(
        node,
        COMMIT + " " + state.term() + " " + state.version(),
        0,
        new Response() {
          @Override
          public void answered(List<String> words) {
            if (targets.get(node) == Stage.SENT_APPLY_COMMIT) {
              targets.put(node, Stage.APPLIED_COMMIT);
              owner.applied(node, state.version());
              completeIfDone();
            }
          }

          @Override
          public void failed(Failure failure) {
            Publication.this.failed(node);
          }
        });
  }

  private void failed(Node node) {
    if (Stage.ACTIVE.contains(targets.getOrDefault(node, Stage.FAILED))) {
      targets.put(node, Stage.FAILED);
      failIfHopeless();
    }
  }

  private void failIfHopeless() {
    List<Node> hopeful =
        targets.keySet().stream().filter(node -> targets.get(node) != Stage.FAILED).toList();
    if (!committed && !owner.quorum(hopeful)) {
      targets.replaceAll((node, stage) -> Stage.FAILED);
    }
    completeIfDone();
  }

  private void timeOut() {
    log.stillWaits(state, waiting());
    cancel();
  }

  /** Gives up those that it still waits for. */
  void cancel() {
    if (!over) {
      targets.replaceAll((node, stage) -> Stage.ACTIVE.contains(stage) ? Stage.FAILED : stage);
      completeIfDone();
    }
  }

  private void completeIfDone() {
    if (!over && targets.values().stream().noneMatch(Stage.ACTIVE::contains)) {
      over = true;
      timers.forEach(Timer::cancel);
      owner.completed(this, committed);
    }
  }
}
