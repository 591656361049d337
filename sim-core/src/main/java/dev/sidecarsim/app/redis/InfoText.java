package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What INFO and ROLE say: the sections that tell who somebody is. */
final class InfoText {

  private final StringBuilder out = new StringBuilder();

  private InfoText() {}

  static String of(RedisServer server, List<String> sections) {
    List<String> wanted = sections.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    boolean all = wanted.isEmpty() || wanted.contains("all") || wanted.contains("default");
    InfoText text = new InfoText();
    if (all || wanted.contains("server")) {
      text.server(server);
    }
    if (all || wanted.contains("replication")) {
      text.replication(server);
    }
    if (all || wanted.contains("cluster")) {
      text.section("Cluster");
      text.line("cluster_enabled", server.config().cluster().enabled() ? 1 : 0);
    }
    return text.out.toString();
  }

  private void section(String title) {
    out.append(out.isEmpty() ? "" : "\r\n").append("# ").append(title).append("\r\n");
  }

  private void line(String name, Object value) {
    out.append(name).append(':').append(value).append("\r\n");
  }

  private void server(RedisServer server) {
    section("Server");
    if (!server.config().release().version().isEmpty()) {
      line("redis_version", server.config().release().version());
    }
    line("redis_mode", server.config().cluster().enabled() ? "cluster" : "standalone");
    line("run_id", server.runId());
    line("tcp_port", server.config().port());
  }

  private void replication(RedisServer server) {
    Replication replication = server.replication();
    section("Replication");
    line("role", replication.master() ? "master" : "slave");
    replication.masterLink().ifPresent(link -> replica(server, link));
    Replicas replicas = replication.replicas();
    List<Replicas.Replica> attached = replicas.attached();
    line("connected_slaves", attached.size());
    ReplicationConfig config = server.config().replication();
    if (config.needsReplicas()) {
      line("min_slaves_good_slaves", replicas.within(config.minReplicasLag()));
    }
    int index = 0;
    for (Replicas.Replica replica : attached) {
      if (replica.shown()) {
        out.append(replica.infoLine(index++, server.now())).append("\r\n");
      }
    }
    line("master_failover_state", "no-failover");
    stream(replication.stream());
  }

  private void replica(RedisServer server, MasterLink link) {
    boolean up = link.upSince().isPresent();
    long offset = server.replication().continuable() ? server.replication().stream().offset() : 1;
    line("master_host", link.master().host());
    line("master_port", link.master().port());
    line("master_link_status", up ? "up" : "down");
    line("master_last_io_seconds_ago", up ? link.secondsSinceHeard() : -1);
    line("master_sync_in_progress", link.stage() == MasterLink.Stage.SYNC ? 1 : 0);
    line("slave_read_repl_offset", offset);
    line("slave_repl_offset", offset);
    if (!up) {
      line("master_link_down_since_seconds", link.secondsDown());
    }
    line("slave_priority", server.config().replication().priority());
    line("slave_read_only", 1);
    line("replica_announced", server.config().replication().announced() ? 1 : 0);
  }

  private void stream(ReplicationStream stream) {
    line("master_replid", stream.id());
    line("master_replid2", stream.olderId());
    line("master_repl_offset", stream.offset());
    line("second_repl_offset", stream.olderEnd());
    line("repl_backlog_active", stream.kept() ? 1 : 0);
    line("repl_backlog_size", ReplicationStream.BACKLOG);
    line("repl_backlog_first_byte_offset", stream.firstKept());
    line("repl_backlog_histlen", stream.keptBytes());
  }

  /** ROLE. */
  static Resp role(Replication replication) {
    Resp offset = new Resp.Int(replication.stream().offset());
    return replication
        .masterLink()
        .map(link -> replicaRole(link, replication))
        .orElseGet(() -> Resp.array(List.of(Resp.bulk("master"), offset, replicas(replication))));
  }

  private static Resp replicaRole(MasterLink link, Replication replication) {
    long offset = link.upSince().isPresent() ? replication.stream().offset() : -1;
    return Resp.array(
        List.of(
            Resp.bulk("slave"),
            Resp.bulk(link.master().host()),
            new Resp.Int(link.master().port()),
            Resp.bulk(link.stage().word()),
            new Resp.Int(offset)));
  }

  private static Resp replicas(Replication replication) {
    List<Resp> online = new ArrayList<>();
    for (Replicas.Replica each : replication.replicas().online()) {
      online.add(
          Resp.array(
              ImmutableList.of(
                  Resp.bulk(each.host()),
                  Resp.bulk(Integer.toString(each.port())),
                  Resp.bulk(Long.toString(each.ackedOffset())))));
    }
    return Resp.array(online);
  }
}
