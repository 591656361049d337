package dev.sidecarsim.app.elasticsearch;

import dev.sidecarsim.app.End;
import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.net.Endpoint;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a node logs of its addresses, its master and its peers, in the words of 7.10 and the pattern
 * of the archive's log4j2.properties, with simulated time since 1970.
 *
 * <p>Of nodes their names, ids and addresses come, and no roles and attributes; the official image
 * of some releases wraps each line in JSON.
 */
final class ElasticsearchLog {

  private final LogTime time;
  private final String node;
  private final Consumer<Supplier<String>> output;

  /**
   * @param output takes lines, and has them made if anybody keeps them
   */
  ElasticsearchLog(LogTime time, String node, Consumer<Supplier<String>> output) {
    this.time = time;
    this.node = node;
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

  void followupFailed(Node peer, End end) {
    warn(
        "o.e.d.HandshakingTransportAddressConnector",
        () ->
            "completed handshake with [%s] but followup connection failed: [%s][%s] connect_exception: %s"
                .formatted(peer, peer.name(), peer.address(), end.text()));
  }

  void noMaster(Supplier<String> why) {
    warn("o.e.c.c.ClusterFormationFailureHelper", why);
  }

  void bootstrapped(VotingConfiguration first) {
    info("o.e.c.c.Coordinator", () -> "setting initial configuration to " + first);
  }

  void failedToJoin(Node leader, String reason) {
    info("o.e.c.c.JoinHelper", () -> "failed to join " + leader + ": " + reason);
  }

  void masterFailed(Node master, String reason) {
    info(
        "o.e.c.c.Coordinator",
        () -> "master node [" + master + "] failed, restarting discovery: " + reason);
  }

  // ---- cluster states

  void publishes(String source, long term, long version, String delta) {
    info(
        "o.e.c.s.MasterService",
        () -> "%s, term: %d, version: %d, delta: %s".formatted(source, term, version, delta));
  }

  void cannotCommit(String source, long version) {
    warn(
        "o.e.c.s.MasterService",
        () ->
            "failing [%s]: failed to commit cluster state version [%d]: non-failed nodes do not form a quorum"
                .formatted(source, version));
  }

  void applied(String delta, long term, long version, String reason) {
    info(
        "o.e.c.s.ClusterApplierService",
        () -> "%s, term: %d, version: %d, reason: %s".formatted(delta, term, version, reason));
  }
}
