package dev.sidecarsim.app.nifi;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.nifi.NodeStatus.Code;
import dev.sidecarsim.app.nifi.NodeStatus.State;
import dev.sidecarsim.host.Process;
import java.util.Optional;

/**
 * A node's own way into the cluster and out of it: it asks the coordinator until it is let in
 * (StandardFlowService, FlowController). Its flow is taken to be empty, so that it never gives up
 * to wait for the cluster's.
 */
final class FlowService {

  private static final long NO_COORDINATOR_PAUSE = seconds(1);
  private static final long FAILURE_PAUSE = seconds(5);
  private static final long TRY_LATER_PAUSE = seconds(5);

  /** Loading an empty flow takes about so long. */
  private static final long LOAD = millis(500);

  /** The web server and the JVM end within about so long. */
  private static final long STOP = seconds(1);

  private static final String MAIN = "main";

  private final Process process;
  private final NodeId self;
  private final ProtocolPort port;
  private final Roles roles;
  private final Topology topology;
  private final Coordination coordination;
  private final HeartbeatMonitor monitor;
  private final Heartbeater heartbeater;
  private final NifiLog log;
  private Runnable whenLoaded = () -> {};
  private boolean loaded;

  FlowService(
      Process process,
      NodeId self,
      ProtocolPort port,
      Roles roles,
      Topology topology,
      Coordination coordination,
      HeartbeatMonitor monitor,
      Heartbeater heartbeater,
      NifiLog log) {
    this.process = process;
    this.self = self;
    this.port = port;
    this.roles = roles;
    this.topology = topology;
    this.coordination = coordination;
    this.monitor = monitor;
    this.heartbeater = heartbeater;
    this.log = log;
  }

  /** Whether the flow is loaded, so that the web server answers. */
  boolean loaded() {
    return loaded;
  }

  // ---- the way in

  /**
   * Takes part in the coordinator's election, unless there is one already, and asks to connect.
   *
   * @param then is run once, when the flow is loaded
   */
  void start(Runnable then) {
    whenLoaded = then;
    controller("Checking if there is already a Cluster Coordinator Elected...");
    roles.find(
        Roles.Role.COORDINATOR,
        leader -> {
          if (leader.isEmpty()) {
            controller(
                "It appears that no Cluster Coordinator has been Elected yet. Registering for"
                    + " Cluster Coordinator Role.");
            registerAsCoordinator();
          } else {
            controller(
                "The Elected Cluster Coordinator is "
                    + leader.get()
                    + ". Will not register to be elected for this role until after connecting to"
                    + " the cluster and inheriting the cluster's flow.");
          }
          monitor.start();
          service("Connecting Node: " + self);
          request();
        });
  }

  private void registerAsCoordinator() {
    roles.register(
        Roles.Role.COORDINATOR,
        leads -> {
          if (leads) {
            elected("This node elected Active Cluster Coordinator");
            monitor.purge();
          } else {
            elected("This node is no longer the elected Active Cluster Coordinator");
          }
        });
  }

  private void request() {
    roles.find(
        Roles.Role.COORDINATOR,
        leader -> {
          if (leader.isPresent()) {
            request(leader.get());
          } else {
            noCoordinator();
          }
        });
  }

  private void noCoordinator() {
    warn(
        "There is currently no Cluster Coordinator. This often happens upon restart of NiFi"
            + " when running an embedded ZooKeeper. Will register this node to become the"
            + " active Cluster Coordinator and will attempt to connect to cluster again");
    registerAsCoordinator();
    process.after(NO_COORDINATOR_PAUSE, this::request);
  }

  private void request(String coordinator) {
    port.call(
        coordinator,
        Message.of(Message.Type.CONNECTION_REQUEST, self),
        this::answered,
        failure -> {
          warn("Failed to connect to cluster due to: " + failure);
          process.after(FAILURE_PAUSE, this::request);
        });
  }

  private void answered(Message response) {
    switch (response.type()) {
      case TRY_LATER -> {
        service(
            "Requested by cluster coordinator to retry connection in 5 seconds with explanation: "
                + response.text());
        process.after(TRY_LATER_PAUSE, this::request);
      }
      case REJECTION -> {
        warn(
            "Connection request was blocked by cluster coordinator with the explanation: "
                + response.text());
        stayOutside();
      }
      default -> process.after(LOAD, () -> join(response));
    }
  }

  /** The own flow is loaded; heartbeats tell the coordinator that there is somebody. */
  private void stayOutside() {
    service(
        "Flow controller will load local dataflow and suspend connection handshake until a cluster"
            + " connection response is received.");
    coordination.disconnected();
    begin(topology.disconnected(self, Code.NOT_YET_CONNECTED));
  }

  private void join(Message response) {
    response.statuses().forEach(topology::put);
    service("Setting Flow Controller's Node ID: " + self);
    coordination.connected();
    begin(topology.status(self, State.CONNECTED));
  }

  private void begin(NodeStatus status) {
    controller("Cluster State changed from Not Clustered to Clustered");
    roles.register(
        Roles.Role.PRIMARY,
        leads ->
            elected(
                leads
                    ? "This node has been elected Primary Node"
                    : "This node is no longer Primary Node"));
    registerAsCoordinator();
    if (!loaded) {
      loaded = true;
      whenLoaded.run();
    }
    heartbeater.start(status);
  }

  // ---- what the coordinator wants

  /** Connects again; heartbeats wait until it has. */
  Message reconnect(Message request) {
    heartbeater.stop();
    service("Processing reconnection request from cluster coordinator.");
    if (request.text().isEmpty()) {
      service(
          "Received a Reconnection Request that contained no DataFlow. Will attempt to connect to"
              + " cluster using local flow.");
      request();
    } else {
      process.after(
          LOAD,
          () -> {
            join(request);
            service("Node reconnected.");
          });
    }
    return Message.of(Message.Type.RECONNECTION_RESPONSE, self);
  }

  /** Leaves; only a person or a restart brings the node back. */
  void leave(String reason) {
    service(
        "Received disconnection request message from cluster coordinator with explanation: "
            + reason);
    heartbeater.leave(topology.disconnected(self, Code.UNKNOWN, reason));
    controller("Cluster State changed from Clustered to Not Clustered");
    roles.unregister(Roles.Role.PRIMARY);
    roles.unregister(Roles.Role.COORDINATOR);
    coordination.disconnected();
    service("Node disconnected due to " + reason);
  }

  /**
   * Leaves for good, in order: the others are told, roles are given up.
   *
   * @param end ends the program
   */
  void shutDown(Runnable end) {
    coordination.shutDown(
        () -> {
          controller("Initiated graceful shutdown of flow controller...waiting up to 10 seconds");
          heartbeater.stop();
          roles.stop();
          controller("Controller has been terminated successfully.");
          process.after(STOP, end);
        });
  }

  /** What the node takes itself for. */
  State state() {
    return Optional.of(heartbeater.own().state()).filter(state -> loaded).orElse(State.CONNECTING);
  }

  // ---- what it logs

  private void controller(String text) {
    log.info(NifiLog.Logger.FLOW_CONTROLLER, MAIN, text);
  }

  private void elected(String text) {
    log.info(NifiLog.Logger.FLOW_CONTROLLER, "Leader Election Notification Thread-1", text);
  }

  private void service(String text) {
    log.info(NifiLog.Logger.FLOW_SERVICE, MAIN, text);
  }

  private void warn(String text) {
    log.warn(NifiLog.Logger.FLOW_SERVICE, MAIN, text);
  }
}
