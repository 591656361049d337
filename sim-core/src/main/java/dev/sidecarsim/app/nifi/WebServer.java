package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.HttpMessage;
import dev.sidecarsim.app.HttpServer.Answer;
import dev.sidecarsim.app.nifi.NodeStatus.State;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The REST interface. What concerns the cluster is asked of the coordinator; it asks every
 * connected node, itself too, by their web ports, and one good answer is enough for a request that
 * changes nothing (ThreadPoolRequestReplicator, StandardHttpResponseMapper).
 */
final class WebServer {

  static final String FLOW = "/nifi-api/flow/process-groups/root";

  private static final String SUMMARY = "/nifi-api/flow/cluster/summary";
  private static final String CLUSTER = "/nifi-api/controller/cluster";

  /** RequestReplicator.REPLICATION_INDICATOR_HEADER. */
  private static final String REPLICATED = "X-Request-Replicated";

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int INTERNAL_SERVER_ERROR = 500;

  private static final Answer NO_COORDINATOR =
      new Answer(
          INTERNAL_SERVER_ERROR,
          "Action cannot be performed because there is currently no Cluster Coordinator elected. The"
              + " request should be tried again after a moment, after a Cluster Coordinator has been"
              + " automatically elected.");

  private final NodeId self;
  private final FlowService flow;
  private final Coordination coordination;
  private final Roles roles;
  private final Topology topology;
  private final ClusterView view;
  private final WebClient client;

  WebServer(
      NodeId self,
      FlowService flow,
      Coordination coordination,
      Roles roles,
      Topology topology,
      ClusterView view,
      WebClient client) {
    this.self = self;
    this.flow = flow;
    this.coordination = coordination;
    this.roles = roles;
    this.topology = topology;
    this.view = view;
    this.client = client;
  }

  /** Answers a request; Jetty takes none before the flow is loaded, though its port is open. */
  void handle(HttpMessage request, Consumer<Answer> reply) {
    if (!flow.loaded()) {
      return;
    }
    boolean replicated = request.header(REPLICATED).isPresent();
    switch (request.path()) {
      case SUMMARY -> reply.accept(new Answer(OK, view.summary()));
      case CLUSTER -> cluster(reply);
      case FLOW -> flow(replicated, reply);
      default -> reply.accept(new Answer(NOT_FOUND, "{\"error\":\"not modelled\"}"));
    }
  }

  private void cluster(Consumer<Answer> reply) {
    if (coordination.isConnected()) {
      asCoordinator(CLUSTER, reply, () -> view.cluster(text -> reply.accept(new Answer(OK, text))));
    } else {
      reply.accept(
          new Answer(CONFLICT, "Only a node connected to a cluster can process the request."));
    }
  }

  private void flow(boolean replicated, Consumer<Answer> reply) {
    if (replicated || !coordination.isConnected()) {
      reply.accept(new Answer(OK, "{\"processGroupFlow\":{\"id\":\"root\"}}"));
    } else {
      asCoordinator(FLOW, reply, () -> replicate(reply));
    }
  }

  /** Any other node passes the request on to the coordinator, and the answer back. */
  private void asCoordinator(String path, Consumer<Answer> reply, Runnable here) {
    roles.find(
        Roles.Role.COORDINATOR,
        leader -> {
          Optional<NodeId> coordinator = leader.flatMap(topology::at);
          if (coordinator.isEmpty()) {
            reply.accept(NO_COORDINATOR);
          } else if (coordinator.get().equals(self)) {
            here.run();
          } else {
            client.get(coordinator.get(), path, ImmutableList.of(), reply);
          }
        });
  }

  private void replicate(Consumer<Answer> reply) {
    ImmutableList<NodeId> nodes = topology.in(State.CONNECTED);
    Merge merge = new Merge(nodes.size(), reply);
    for (NodeId node : nodes) {
      client.get(node, FLOW, ImmutableList.of(REPLICATED + ": true"), merge);
    }
    if (nodes.isEmpty()) {
      reply.accept(new Answer(INTERNAL_SERVER_ERROR, "No nodes are connected"));
    }
  }

  /** One answer of several: a good one if there is any. */
  private static final class Merge implements Consumer<Answer> {
    private final Consumer<Answer> reply;
    private int missing;
    private Optional<Answer> best = Optional.empty();

    Merge(int missing, Consumer<Answer> reply) {
      this.missing = missing;
      this.reply = reply;
    }

    @Override
    public void accept(Answer answer) {
      if (best.isEmpty() || answer.status() < best.get().status()) {
        best = Optional.of(answer);
      }
      if (--missing == 0) {
        best.ifPresent(reply);
      }
    }
  }
}
