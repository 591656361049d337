package dev.sidecarsim.app.zookeeper;

import java.util.Locale;
import java.util.Optional;

/**
 * What {@code mntr} shows: the lines that follow from what is modelled, in the release's own order;
 * sizes, files and latencies are not.
 */
final class MonitorText {

  private final ZooKeeperServer server;
  private final FourLetterWords.Counts counts;
  private final StringBuilder text = new StringBuilder();

  MonitorText(ZooKeeperServer server, FourLetterWords.Counts counts) {
    this.server = server;
    this.counts = counts;
  }

  String text(String mode) {
    metric("version", server.config().release().fullVersion());
    if (server.config().release().hasMetrics()) {
      sinceMetrics(mode);
    } else {
      beforeMetrics(mode);
    }
    return text.toString();
  }

  /** MonitorCommand of 3.5. */
  private void beforeMetrics(String mode) {
    metric("avg_latency", "0");
    metric("max_latency", "0");
    metric("min_latency", "0");
    metric("packets_received", counts.received());
    metric("packets_sent", counts.sent());
    metric("num_alive_connections", counts.connections());
    metric("outstanding_requests", "0");
    metric("server_state", mode);
    metric("znode_count", server.tree().nodeCount());
    metric("watch_count", counts.watches());
    metric("ephemerals_count", server.tree().ephemeralCount());
    server
        .learners()
        .ifPresent(
            learners -> {
              metric("followers", learners.followers() + learners.observers());
              metric("synced_followers", learners.followers());
              metric("pending_syncs", "0");
            });
  }

  /** The order of a real server's metrics. */
  private void sinceMetrics(String mode) {
    Optional<FourLetterWords.Learners> learners = server.learners();
    metric("server_state", mode);
    if (!server.config().standalone()) {
      metric("peer_state", server.state().toLowerCase(Locale.ROOT) + " - broadcast");
    }
    metric("ephemerals_count", server.tree().ephemeralCount());
    metric("num_alive_connections", counts.connections());
    metric("avg_latency", "0.0");
    metric("outstanding_requests", "0");
    metric("znode_count", server.tree().nodeCount());
    metric("global_sessions", server.tree().sessions().size());
    metric("non_mtls_remote_conn_count", "0");
    metric("packets_sent", counts.sent());
    metric("packets_received", counts.received());
    learners.ifPresent(they -> metric("synced_followers", they.followers()));
    metric("connection_drop_probability", "0.0");
    metric("watch_count", counts.watches());
    learners.ifPresent(they -> metric("synced_non_voting_followers", "0"));
    learners.ifPresent(they -> metric("synced_observers", they.observers()));
    metric("auth_failed_count", "0");
    metric("min_latency", "0");
    learners.ifPresent(they -> metric("pending_syncs", "0"));
    metric("local_sessions", "0");
    metric("max_latency", "0");
    metric("outstanding_tls_handshake", "0");
    learners.ifPresent(they -> metric("learners", they.followers() + they.observers()));
    metric("non_mtls_local_conn_count", "0");
    learners.ifPresent(they -> metric("quorum_size", they.servers()));
    metric("connection_rejected", counts.rejected());
  }

  private void metric(String name, long value) {
    metric(name, Long.toString(value));
  }

  private void metric(String name, String value) {
    text.append("zk_").append(name).append('\t').append(value).append('\n');
  }
}
