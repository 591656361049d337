package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.toMillis;

import com.google.common.base.Joiner;
import java.util.ArrayList;
import java.util.List;

/** What a Sentinel's commands say of whom it watches (addReplySentinelRedisInstance). */
final class SentinelText {

  private final List<Resp> fields = new ArrayList<>();

  private SentinelText() {}

  private void add(String name, Object value) {
    fields.add(Resp.bulk(name));
    fields.add(Resp.bulk(value.toString()));
  }

  static Resp address(WatchedMaster watched) {
    WatchedServer present = watched.present();
    return Resp.command(present.host(), Integer.toString(present.address().port()));
  }

  static Resp role(Sentinel sentinel) {
    return Resp.array(
        List.of(
            Resp.bulk("sentinel"),
            Resp.array(sentinel.masters().stream().map(each -> Resp.bulk(each.name())).toList())));
  }

  static Resp replicas(WatchedMaster watched) {
    return Resp.array(
        watched.replicas().stream()
            .filter(WatchedReplica::announced)
            .map(SentinelText::entry)
            .toList());
  }

  static Resp sentinels(WatchedMaster watched) {
    return Resp.array(watched.sentinels().stream().map(SentinelText::entry).toList());
  }

  /** SENTINEL CKQUORUM. */
  static Resp quorum(WatchedMaster watched) {
    int voters = watched.sentinels().size() + 1;
    long usable = 1 + watched.sentinels().stream().filter(other -> !other.down()).count();
    boolean agree = usable >= watched.settings().quorum();
    boolean authorize = usable >= voters / 2 + 1;
    if (agree && authorize) {
      return new Resp.Simple(
          "OK " + usable + " usable Sentinels. Quorum and failover authorization can be reached");
    }
    return Resp.error(
        "NOQUORUM "
            + usable
            + " usable Sentinels. "
            + (agree
                ? ""
                : "Not enough available Sentinels to reach the specified quorum for this master")
            + (agree || authorize ? "" : ". ")
            + (authorize
                ? ""
                : "Not enough available Sentinels to reach the majority and authorize a failover"));
  }

  static String info(Sentinel sentinel) {
    StringBuilder out = new StringBuilder("# Sentinel\r\n");
    out.append("sentinel_masters:").append(sentinel.masters().size()).append("\r\n");
    out.append("sentinel_tilt:0\r\nsentinel_tilt_since_seconds:-1\r\n");
    out.append("sentinel_running_scripts:0\r\nsentinel_scripts_queue_length:0\r\n");
    out.append("sentinel_simulate_failure_flags:0\r\n");
    int index = 0;
    for (WatchedMaster each : sentinel.masters()) {
      out.append(
          "master%d:name=%s,status=%s,address=%s:%d,slaves=%d,sentinels=%d\r\n"
              .formatted(
                  index++,
                  each.name(),
                  each.objectivelyDown() ? "odown" : each.down() ? "sdown" : "ok",
                  each.host(),
                  each.address().port(),
                  each.replicas().size(),
                  each.sentinels().size() + 1));
    }
    return out.toString();
  }

  // ---- one entry

  /** An entry of SENTINEL MASTERS, REPLICAS or SENTINELS. */
  static Resp entry(WatchedInstance watched) {
    SentinelText text = new SentinelText();
    text.instance(watched);
    if (watched instanceof WatchedServer server) {
      text.server(server);
    }
    if (watched instanceof WatchedMaster master) {
      text.master(master);
    } else if (watched instanceof WatchedReplica replica) {
      text.replica(replica);
    } else if (watched instanceof OtherSentinel other) {
      text.sentinel(other);
    }
    return Resp.array(text.fields);
  }

  private void instance(WatchedInstance watched) {
    add("name", watched.name());
    add("ip", watched.host());
    add("port", watched.address().port());
    add("runid", watched instanceof WatchedServer server ? server.runId() : watched.name());
    add("flags", flags(watched));
    add("link-pending-commands", watched.link().pending());
    add("link-refcount", 1);
    if (watched instanceof WatchedMaster master && master.failover().underWay()) {
      add("failover-state", master.failover().word());
    }
    add("last-ping-sent", toMillis(watched.link().sinceUnansweredPing()));
    add("last-ok-ping-reply", toMillis(watched.link().sinceAvailable()));
    add("last-ping-reply", toMillis(watched.link().sincePong()));
    if (watched.down()) {
      add("s-down-time", toMillis(watched.downFor()));
    }
    if (watched instanceof WatchedMaster master && master.objectivelyDown()) {
      add("o-down-time", toMillis(master.objectivelyDownFor()));
    }
    add("down-after-milliseconds", toMillis(watched.settings().downAfterNanos()));
  }

  private static String flags(WatchedInstance watched) {
    List<String> flags = new ArrayList<>();
    WatchedMaster master = watched.group();
    boolean isMaster = watched == master;
    flags.add(watched.down() ? "s_down" : "");
    flags.add(isMaster && master.objectivelyDown() ? "o_down" : "");
    flags.add(watched.kind());
    flags.add(watched.link().whole() ? "" : "disconnected");
    flags.add(watched instanceof OtherSentinel other && other.masterDown() ? "master_down" : "");
    flags.add(isMaster && master.failover().underWay() ? "failover_in_progress" : "");
    boolean promoted = master.failover().promoted().filter(each -> each == watched).isPresent();
    flags.add(promoted ? "promoted" : "");
    flags.add(watched instanceof WatchedReplica replica ? replica.move().flag : "");
    flags.add(isMaster && master.failover().forced() ? "force_failover" : "");
    flags.removeIf(String::isEmpty);
    return Joiner.on(',').join(flags);
  }

  private void server(WatchedServer server) {
    add("info-refresh", server.everInformed() ? toMillis(server.sinceInfo()) : 0);
    add("role-reported", server.saysMaster() ? "master" : "slave");
    add("role-reported-time", toMillis(server.inRoleFor()));
  }

  private void master(WatchedMaster master) {
    add("config-epoch", master.configEpoch());
    add("num-slaves", master.replicas().size());
    add("num-other-sentinels", master.sentinels().size());
    add("quorum", master.settings().quorum());
    add("failover-timeout", toMillis(master.settings().failoverNanos()));
    add("parallel-syncs", master.settings().parallelSyncs());
  }

  private void replica(WatchedReplica replica) {
    String host = replica.info("master_host");
    add("master-link-down-time", toMillis(replica.masterLinkDown()));
    add("master-link-status", replica.info("master_link_status").equals("up") ? "ok" : "err");
    add("master-host", host.isEmpty() ? "?" : host);
    add("master-port", replica.number("master_port", 0));
    add("slave-priority", replica.priority());
    add("slave-repl-offset", replica.offset());
    add("replica-announced", replica.announced() ? 1 : 0);
  }

  private void sentinel(OtherSentinel other) {
    add("last-hello-message", toMillis(other.sinceGreeting()));
    add("voted-leader", other.votedFor().orElse("?"));
    add("voted-leader-epoch", other.votedEpoch());
  }
}
