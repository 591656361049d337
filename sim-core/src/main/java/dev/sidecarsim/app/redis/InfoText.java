package dev.sidecarsim.app.redis;

import java.util.List;
import java.util.Locale;

/** What INFO says: the sections that tell who somebody is. */
final class InfoText {

  private InfoText() {}

  static String of(RedisServer server, List<String> sections) {
    List<String> wanted = sections.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    boolean all = wanted.isEmpty() || wanted.contains("all") || wanted.contains("default");
    StringBuilder out = new StringBuilder();
    if (all || wanted.contains("server")) {
      out.append("# Server\r\n");
      line(out, "redis_mode", server.config().cluster().enabled() ? "cluster" : "standalone");
      line(out, "run_id", server.runId());
      line(out, "tcp_port", Integer.toString(server.config().port()));
    }
    if (all || wanted.contains("replication")) {
      out.append(out.isEmpty() ? "" : "\r\n").append(replication(server));
    }
    if (all || wanted.contains("cluster")) {
      out.append(out.isEmpty() ? "" : "\r\n").append("# Cluster\r\n");
      line(out, "cluster_enabled", server.config().cluster().enabled() ? "1" : "0");
    }
    return out.toString();
  }

  private static String replication(RedisServer server) {
    StringBuilder out = new StringBuilder("# Replication\r\n");
    line(out, "role", server.master() ? "master" : "slave");
    server.masterLink().ifPresent(link -> replica(out, server, link));
    List<Replicas.Replica> online = server.replicas().online();
    line(out, "connected_slaves", Integer.toString(online.size()));
    long now = server.process().namespace().scheduler().now();
    for (int i = 0; i < online.size(); i++) {
      out.append(online.get(i).infoLine(i, now)).append("\r\n");
    }
    line(out, "master_failover_state", "no-failover");
    line(out, "master_replid", server.replicationId());
    line(out, "master_repl_offset", Long.toString(server.keys().offset()));
    return out.toString();
  }

  private static void replica(StringBuilder out, RedisServer server, MasterLink link) {
    boolean up = link.upSince().isPresent();
    line(out, "master_host", link.master().host());
    line(out, "master_port", Integer.toString(link.master().port()));
    line(out, "master_link_status", up ? "up" : "down");
    line(out, "master_last_io_seconds_ago", up ? Long.toString(link.secondsSinceHeard()) : "-1");
    line(out, "master_sync_in_progress", link.state().equals("sync") ? "1" : "0");
    line(out, "slave_repl_offset", Long.toString(server.keys().offset()));
    line(out, "slave_priority", "100");
    line(out, "slave_read_only", "1");
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(name).append(':').append(value).append("\r\n");
  }
}
