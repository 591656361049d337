package dev.sidecarsim.app.redis;

import dev.sidecarsim.app.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One client of a Sentinel. */
final class SentinelSession implements Channel.Handler<Resp> {

  private static final Resp NO_SUCH = Resp.error("ERR No such master with that name");

  private final Sentinel sentinel;

  SentinelSession(Sentinel sentinel) {
    this.sentinel = sentinel;
  }

  @Override
  public void onMessage(Channel<Resp> channel, Resp message) {
    List<String> words = message.words();
    if (!words.isEmpty()) {
      channel.send(answer(words));
    }
  }

  private Resp answer(List<String> words) {
    return switch (words.get(0).toUpperCase(Locale.ROOT)) {
      case "PING" -> new Resp.Simple("PONG");
      case "AUTH" -> Resp.ok();
      case "INFO" -> Resp.bulk(info());
      case "SENTINEL" -> sentinel(words.subList(1, words.size()));
      default -> Resp.error("ERR unknown command '" + words.get(0) + "'");
    };
  }

  private String info() {
    StringBuilder out = new StringBuilder("# Sentinel\r\n");
    out.append("sentinel_masters:").append(sentinel.masters().size()).append("\r\n");
    int index = 0;
    for (WatchedMaster each : sentinel.masters()) {
      String status =
          each.objectivelyDown() ? "odown" : each.isDown(each.master()) ? "sdown" : "ok";
      out.append("master").append(index++).append(":name=").append(each.settings().name());
      out.append(",status=").append(status).append(",address=").append(each.master().address());
      out.append(",slaves=").append(each.replicas().size());
      out.append(",sentinels=").append(each.sentinels().size() + 1).append("\r\n");
    }
    return out.toString();
  }

  private Resp sentinel(List<String> words) {
    String name = words.isEmpty() ? "" : words.get(0).toLowerCase(Locale.ROOT);
    if (name.equals("is-master-down-by-addr") && words.size() == 5) {
      return masterDown(words);
    }
    Optional<WatchedMaster> watched =
        words.size() < 2 ? Optional.empty() : sentinel.find(words.get(1));
    return switch (name) {
      case "get-master-addr-by-name" -> watched.map(SentinelSession::address).orElse(nil());
      case "failover" -> watched.map(each -> each.failover().byHand()).orElse(NO_SUCH);
      case "slaves", "replicas" -> watched.map(SentinelSession::replicas).orElse(NO_SUCH);
      case "sentinels" -> watched.map(SentinelSession::sentinels).orElse(NO_SUCH);
      default -> Resp.error("ERR Unknown sentinel subcommand '" + name + "'");
    };
  }

  private static Resp nil() {
    return new Resp.Bulk(Optional.empty());
  }

  private static Resp address(WatchedMaster watched) {
    RedisConfig.Address address = watched.master().address();
    return Resp.command(address.host(), Integer.toString(address.port()));
  }

  private Resp masterDown(List<String> words) {
    Optional<WatchedMaster> watched =
        sentinel.masters().stream()
            .filter(each -> each.master().address().host().equals(words.get(1)))
            .filter(each -> Integer.toString(each.master().address().port()).equals(words.get(2)))
            .findFirst();
    boolean down = watched.filter(each -> each.isDown(each.master())).isPresent();
    String leader = "*";
    long epoch = 0;
    if (watched.isPresent() && !words.get(4).equals("*")) {
      leader = watched.get().failover().vote(Long.parseLong(words.get(3)), words.get(4));
      epoch = watched.get().failover().votedEpoch();
    }
    return Resp.array(List.of(new Resp.Int(down ? 1 : 0), Resp.bulk(leader), new Resp.Int(epoch)));
  }

  private static Resp replicas(WatchedMaster watched) {
    List<Resp> all = new ArrayList<>();
    for (SentinelPeer peer : watched.replicas().values()) {
      String flags =
          (watched.isDown(peer) ? "s_down," : "")
              + "slave"
              + (peer.connected() ? "" : ",disconnected");
      all.add(entry(peer.address(), flags));
    }
    return Resp.array(all);
  }

  private static Resp sentinels(WatchedMaster watched) {
    return Resp.array(
        watched.sentinels().stream()
            .map(other -> entry(other.peer.address(), "sentinel"))
            .toList());
  }

  private static Resp entry(RedisConfig.Address address, String flags) {
    return Resp.command(
        "name",
        address.toString(),
        "ip",
        address.host(),
        "port",
        Integer.toString(address.port()),
        "flags",
        flags);
  }
}
