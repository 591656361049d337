package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.elasticsearch.Requests.Responder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a master has to do: tasks that change the cluster state, each kind in one batch, one
 * publication after the other. Nodes leave before others join.
 */
final class MasterService {

  /** What a task is told of its publication. */
  private interface Outcome {
    void of(boolean committed);
  }

  /** A request to exclude nodes from voting, in place of those that are; none: nobody. */
  private record Exclusion(List<String> nodes, Responder responder) {}

  /** Publishes a state. */
  interface Publisher {
    void publish(ClusterState state, String source);
  }

  private static final String FAILED = "publication failed";
  private static final String NOT_MASTER = "no longer master";

  private final Transport transport;
  private final CoordinationState state;
  private final ElasticsearchLog log;
  private final Publisher publisher;
  private final Map<Node, List<Responder>> joins = new LinkedHashMap<>();
  private final Map<Node, String> leaving = new LinkedHashMap<>();
  private final List<Exclusion> exclusions = new ArrayList<>();
  private boolean elected;
  private boolean running;
  private boolean reconfigures;
  private String source = "";
  private Outcome outcome = any -> {};

  MasterService(
      Transport transport, CoordinationState state, ElasticsearchLog log, Publisher publisher) {
    this.transport = transport;
    this.state = state;
    this.log = log;
    this.publisher = publisher;
  }

  // ---- tasks

  /** The election is won: the nodes that asked to join are the first to publish to. */
  void elected(Map<Node, List<Responder>> joining) {
    joins.putAll(joining);
    elected = true;
    schedule();
  }

  void join(Node node, Responder responder) {
    joins.computeIfAbsent(node, any -> new ArrayList<>()).add(responder);
    schedule();
  }

  void left(Node node, String reason) {
    leaving.putIfAbsent(node, reason);
    schedule();
  }

  /** Publishes a better voting configuration, if there is one. */
  void reconfigure() {
    if (!improved(state.accepted()).equals(state.accepted().accepted())) {
      reconfigures = true;
      schedule();
    }
  }

  void exclude(List<String> nodes, Responder responder) {
    exclusions.add(new Exclusion(nodes, responder));
    schedule();
  }

  /** It is no master any more: whoever waits is refused. */
  void stop() {
    elected = false;
    leaving.clear();
    exclusions.forEach(each -> each.responder().refuse(NOT_MASTER));
    exclusions.clear();
    reconfigures = false;
    Collection<List<Responder>> refused = ImmutableList.copyOf(joins.values());
    joins.clear();
    refused.forEach(each -> each.forEach(responder -> responder.refuse(NOT_MASTER)));
  }

  private void schedule() {
    transport.process().after(0, this::next);
  }

  private boolean idle() {
    return !elected
        && joins.isEmpty()
        && leaving.isEmpty()
        && exclusions.isEmpty()
        && !reconfigures;
  }

  private void next() {
    if (running || idle()) {
      return;
    }
    ClusterState before = state.accepted();
    if (elected) {
      takeOver(before);
    } else if (!leaving.isEmpty()) {
      remove(before);
    } else if (!joins.isEmpty()) {
      add(before);
    } else {
      change(before);
    }
  }

  private void run(ClusterState next, String what, Outcome then) {
    running = true;
    source = what;
    outcome = then;
    String delta = AppliedState.delta(lastSeen(), next);
    if (!delta.isEmpty()) {
      log.publishes(what, next, delta);
    }
    publisher.publish(next, what);
  }

  /** What the master's log compares with: a state of an earlier term has no master for it. */
  private ClusterState lastSeen() {
    ClusterState last = state.accepted();
    return last.term() == state.term() ? last : last.withoutMaster();
  }

  private void takeOver(ClusterState before) {
    elected = false;
    Map<Node, List<Responder>> joining = takeJoins();
    List<Node> nodes = new ArrayList<>(before.nodes());
    nodes.removeIf(node -> joining.keySet().stream().anyMatch(join -> replaces(join, node)));
    joining.keySet().stream().filter(node -> !nodes.contains(node)).forEach(nodes::add);
    String joined =
        joining.keySet().stream()
            .map(node -> node + " elect leader")
            .collect(Collectors.joining(", "));
    run(
        before.next(state.term(), transport.self(), nodes),
        "elected-as-master ([%d] nodes joined)[%s, _BECOME_MASTER_TASK_, _FINISH_ELECTION_]"
            .formatted(joining.size(), joined),
        committed -> answer(joining, committed));
  }

  /** becomeMasterAndTrimConflictingNodes: another life of the node, or another at its address. */
  private static boolean replaces(Node joining, Node node) {
    return !node.equals(joining)
        && (node.id().equals(joining.id()) || node.address().equals(joining.address()));
  }

  private void remove(ClusterState before) {
    Map<Node, String> gone = new LinkedHashMap<>(leaving);
    leaving.clear();
    gone.keySet().removeIf(node -> !before.has(node));
    if (gone.isEmpty()) {
      schedule();
      return;
    }
    List<Node> left = before.nodes().stream().filter(node -> !gone.containsKey(node)).toList();
    String what =
        gone.entrySet().stream()
            .map(each -> each.getKey() + " reason: " + each.getValue())
            .collect(Collectors.joining(", ", "node-left[", "]"));
    run(before.next(state.term(), transport.self(), left), what, any -> {});
  }

  /** A node that is in it already is published to again, so that it follows. */
  private void add(ClusterState before) {
    Map<Node, List<Responder>> joining = takeJoins();
    List<Node> nodes = new ArrayList<>(before.nodes());
    for (Node node : List.copyOf(joining.keySet())) {
      Node other = before.conflicting(node).orElse(null);
      if (other != null) {
        String why =
            "can't add node %s, found existing node %s with the same id but is a different node instance"
                .formatted(node, other);
        joining.getOrDefault(node, List.of()).forEach(responder -> responder.refuse(why));
        joining.remove(node);
      } else if (!nodes.contains(node)) {
        nodes.add(node);
      }
    }
    if (joining.isEmpty()) {
      schedule();
      return;
    }
    String what =
        joining.keySet().stream()
            .map(node -> node + " join existing leader")
            .collect(Collectors.joining(", ", "node-join[", "]"));
    run(
        before.next(state.term(), transport.self(), nodes),
        what,
        committed -> answer(joining, committed));
  }

  private void change(ClusterState before) {
    List<Exclusion> asked = List.copyOf(exclusions);
    exclusions.clear();
    reconfigures = false;
    ClusterState changed = before;
    for (Exclusion each : asked) {
      changed = changed.excluding(ids(before, each.nodes()));
    }
    ClusterState next = changed.accepting(improved(changed));
    Outcome then = committed -> asked.forEach(each -> answer(each.responder(), committed));
    if (next.equals(before)) {
      then.of(true);
      schedule();
    } else {
      run(next.next(state.term(), transport.self(), next.nodes()), "reconfigure", then);
    }
  }

  private static List<String> ids(ClusterState state, List<String> nodes) {
    return state.nodes().stream()
        .filter(node -> nodes.contains(node.name()) || nodes.contains(node.id()))
        .map(Node::id)
        .toList();
  }

  private Map<Node, List<Responder>> takeJoins() {
    Map<Node, List<Responder>> taken = new LinkedHashMap<>(joins);
    joins.clear();
    return taken;
  }

  private static void answer(Map<Node, List<Responder>> joining, boolean committed) {
    joining.values().forEach(each -> each.forEach(responder -> answer(responder, committed)));
  }

  private static void answer(Responder responder, boolean committed) {
    if (committed) {
      responder.answer("");
    } else {
      responder.refuse(FAILED);
    }
  }

  /** Only who has voted for this master counts as there. */
  private VotingConfiguration improved(ClusterState of) {
    ImmutableSet<String> live =
        of.nodes().stream()
            .filter(node -> node.masterEligible() && state.hasVoteOf(node))
            .map(Node::id)
            .collect(ImmutableSet.toImmutableSet());
    ImmutableList<String> retired =
        of.nodes().stream()
            .filter(node -> !node.masterEligible())
            .map(Node::id)
            .collect(ImmutableList.toImmutableList());
    return of.accepted()
        .improved(
            live,
            ImmutableList.<String>builder().addAll(retired).addAll(of.exclusions()).build(),
            transport.self().id());
  }

  // ---- publications

  /** The present publication is over. */
  void published(ClusterState published, boolean committed) {
    running = false;
    if (!committed) {
      log.cannotCommit(source, published.version());
    }
    Outcome then = outcome;
    outcome = any -> {};
    then.of(committed);
    schedule();
  }
}
