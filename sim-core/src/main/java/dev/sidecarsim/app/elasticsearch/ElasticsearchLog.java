package dev.sidecarsim.app.elasticsearch;

import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.app.elasticsearch.FaultDetection.Reason;
import dev.sidecarsim.net.Endpoint;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a node logs of its addresses, its master and its peers, in the words of its release and the
 * pattern of the archive's log4j2.properties, with simulated time since 1970.
 *
 * <p>Of nodes no attributes come, and of exceptions their message alone; the official image of some
 * releases wraps each line in JSON.
 */
final class ElasticsearchLog {

  private final LogTime time;
  private final String node;
  private final Release release;
  private final Consumer<Supplier<String>> output;

  /**
   * @param output takes lines, and has them made if anybody keeps them
   */
  ElasticsearchLog(LogTime time, String node, Release release, Consumer<Supplier<String>> output) {
    this.time = time;
    this.node = node;
    this.release = release;
    this.output = output;
  }

  private void line(String level, String logger, Supplier<String> text) {
    output.accept(
        () -> "[%s][%-5s][%-25s] [%s] %s".formatted(time, level, logger, node, text.get()));
  }

  private void info(String logger, Supplier<String> text) {
    line("INFO", logger, text);
  }

  private void warn(String logger, Supplier<String> text) {
    line("WARN", logger, text);
  }

  // ---- the start

  void transportBound(Endpoint publish, Collection<Endpoint> bound) {
    info("o.e.t.TransportService", () -> addresses(publish, bound));
  }

  void httpBound(Endpoint publish, Collection<Endpoint> bound) {
    info("o.e.h.AbstractHttpServerTransport", () -> addresses(publish, bound));
    info("o.e.n.Node", () -> "started");
  }

  void initialStateTimedOut() {
    warn("o.e.n.Node", () -> "timed out while waiting for initial discovery state - timeout: 30s");
  }

  void enforcesChecks() {
    info(
        "o.e.b.BootstrapChecks",
        () -> "bound or publishing to a non-loopback address, enforcing bootstrap checks");
  }

  void fatal(String reason) {
    line("ERROR", "o.e.b.Bootstrap", () -> reason);
  }

  /** A Java socket on all addresses is one of both families. */
  private static String addresses(Endpoint publish, Collection<Endpoint> bound) {
    return "publish_address {%s}, bound_addresses %s"
        .formatted(
            publish,
            bound.stream()
                .map(each -> each.address().isAny() ? "[::]:" + each.port() : each.toString())
                .collect(Collectors.joining("}, {", "{", "}")));
  }

  // ---- discovery and elections

  void unresolved(String host) {
    warn("o.e.d.SeedHostsResolver", () -> "failed to resolve host [" + host + "]");
  }

  void handshakeFailed(Endpoint address, Node remote, String why) {
    warn(
        "o.e.d.HandshakingTransportAddressConnector",
        () ->
            "handshake failed for [connectToRemoteMasterNode[%s]]: handshake with [%s] failed: %s"
                .formatted(address, remote, why));
  }

  void followupFailed(Endpoint address, Node remote, String why) {
    warn(
        "o.e.d.HandshakingTransportAddressConnector",
        () ->
            "[connectToRemoteMasterNode[%s]] completed handshake with [%s] but followup connection failed: [%s][%s] connect_exception: %s"
                .formatted(address, remote, remote.name(), remote.address(), why));
  }

  void cannotConnect(Node node) {
    warn(
        "o.e.c.NodeConnectionsService",
        () -> "failed to connect to " + node + " (tried [1] times)");
  }

  void connectionClosed(Node node) {
    if (release.tellsConnections()) {
      info(
          "o.e.t.ClusterConnectionManager",
          () -> "transport connection to [" + node + "] closed by remote");
    }
  }

  void noMaster(Supplier<String> why) {
    warn("o.e.c.c.ClusterFormationFailureHelper", why);
  }

  void bootstrapped(VotingConfiguration first) {
    info("o.e.c.c.Coordinator", () -> "setting initial configuration to " + first);
  }

  void bootstrapSkipped(Collection<String> names) {
    info(
        "o.e.c.c.ClusterBootstrapService",
        () ->
            "skipping cluster bootstrapping as local node does not match bootstrap requirements: "
                + names);
  }

  void bootstrapCancelled(String why) {
    warn("o.e.c.c.ClusterBootstrapService", () -> "bootstrapping cancelled: " + why);
  }

  void clusterUuid(String verb, String uuid) {
    info("o.e.c.c.CoordinationState", () -> "cluster UUID" + verb + " [" + uuid + "]");
  }

  void failedToJoin(Node leader, Node self, long term, String reason) {
    info(
        "o.e.c.c.JoinHelper",
        () ->
            "failed to join %s with JoinRequest{sourceNode=%s, minimumTerm=%d}: %s"
                .formatted(leader, self, term, reason));
  }

  void masterFailed(Node master, Reason reason) {
    info("o.e.c.c.Coordinator", () -> masterFailure(master, reason));
  }

  private String masterFailure(Node master, Reason reason) {
    String restarts = "restarting discovery";
    int checks = reason.timeouts() + reason.refusals();
    if (!release.tellsConnections()) {
      return "master node [%s] failed, %s: %s"
          .formatted(
              master,
              restarts,
              reason.disconnected()
                  ? "[%s][%s][disconnected] disconnected".formatted(master.name(), master.address())
                  : "node [%s] failed [%d] consecutive checks".formatted(master, checks));
    }
    return reason.disconnected()
        ? "master node [" + master + "] disconnected, " + restarts
        : "[%d] consecutive checks of the master node [%s] were unsuccessful ([%d] rejected, [%d] timed out), %s"
            .formatted(checks, master, reason.refusals(), reason.timeouts(), restarts);
  }

  /** Why a leader removes a follower. */
  String followerFailure(Reason reason) {
    if (reason.disconnected()) {
      return "disconnected";
    }
    return "followers check retry count exceeded"
        + (release.countsFailures()
            ? " [timeouts=%d, failures=%d]".formatted(reason.timeouts(), reason.refusals())
            : "");
  }

  void abdicates(Node to, long term) {
    info("o.e.c.c.Coordinator", () -> "abdicating to " + to + " with term " + term);
  }

  // ---- cluster states

  void publishes(String source, ClusterState state, String delta) {
    info(
        "o.e.c.s.MasterService",
        () ->
            "%s, term: %d, version: %d, delta: %s"
                .formatted(source, state.term(), state.version(), delta));
  }

  void waits(ClusterState state, Collection<String> nodes) {
    info("o.e.c.c.C.CoordinatorPublication", () -> waiting(10, state, nodes));
  }

  void stillWaits(ClusterState state, Collection<String> nodes) {
    warn("o.e.c.c.C.CoordinatorPublication", () -> waiting(30, state, nodes));
  }

  private static String waiting(int seconds, ClusterState state, Collection<String> nodes) {
    return "after [%ds] publication of cluster state version [%d] is still waiting for %s"
        .formatted(seconds, state.version(), String.join(", ", nodes));
  }

  void cannotCommit(String source, long version) {
    warn(
        "o.e.c.s.MasterService",
        () ->
            "failing [%s]: failed to commit cluster state version [%d]".formatted(source, version));
  }

  void applied(String delta, ClusterState state, String reason) {
    info(
        "o.e.c.s.ClusterApplierService",
        () ->
            "%s, term: %d, version: %d, reason: %s"
                .formatted(delta, state.term(), state.version(), reason));
  }
}
