package dev.sidecarsim.app.redis;

import dev.sidecarsim.app.Channel;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One client of a Sentinel. */
final class SentinelSession implements Channel.Handler<Resp> {

  private static final Resp NO_SUCH = Resp.error("ERR No such master with that name");

  private final Sentinel sentinel;
  private boolean authenticated;

  SentinelSession(Sentinel sentinel) {
    this.sentinel = sentinel;
    this.authenticated = sentinel.password().isEmpty();
  }

  @Override
  public void onMessage(Channel<Resp> channel, Resp message) {
    List<String> words = message.words();
    if (!words.isEmpty()) {
      channel.send(answer(words));
    }
  }

  private Resp answer(List<String> words) {
    String name = words.get(0).toUpperCase(Locale.ROOT);
    if (name.equals("AUTH")) {
      return authenticate(words.get(words.size() - 1));
    }
    if (!authenticated) {
      return Resp.error("NOAUTH Authentication required.");
    }
    return switch (name) {
      case "PING" -> new Resp.Simple("PONG");
      case "CLIENT" -> Resp.ok();
      case "INFO" -> Resp.bulk(SentinelText.info(sentinel));
      case "ROLE" -> SentinelText.role(sentinel);
      case "PUBLISH" -> greeted(words);
      case "SENTINEL" -> sentinel(words.subList(1, words.size()));
      default -> Resp.error("ERR unknown command '" + words.get(0) + "'");
    };
  }

  private Resp authenticate(String password) {
    authenticated = authenticated || password.equals(sentinel.password());
    return authenticated
        ? Resp.ok()
        : Resp.error("WRONGPASS invalid username-password pair or user is disabled.");
  }

  /** A Sentinel takes greetings from others directly, as if it were a server. */
  private Resp greeted(List<String> words) {
    if (words.size() != 3 || !words.get(1).equals(SentinelLink.HELLO)) {
      return Resp.error("ERR Only HELLO messages are accepted by Sentinel instances.");
    }
    sentinel.greeted(words.get(2));
    return new Resp.Int(1);
  }

  private Resp sentinel(List<String> words) {
    String name = words.isEmpty() ? "" : words.get(0).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "masters" -> Resp.array(sentinel.masters().stream().map(SentinelText::entry).toList());
      case "myid" -> Resp.bulk(sentinel.runId());
      case "is-master-down-by-addr" -> words.size() == 5 ? masterDown(words) : wrongNumber(name);
      default -> words.size() == 2 ? ofMaster(name, words.get(1)) : wrongNumber(name);
    };
  }

  private static Resp wrongNumber(String name) {
    return Resp.error("ERR wrong number of arguments for 'sentinel|" + name + "' command");
  }

  private Resp ofMaster(String name, String master) {
    Optional<WatchedMaster> watched = sentinel.find(master);
    return switch (name) {
      case "get-master-addr-by-name" ->
          watched.map(SentinelText::address).orElse(new Resp.Bulk(Optional.empty()));
      case "master" -> watched.map(SentinelText::entry).orElse(NO_SUCH);
      case "slaves", "replicas" -> watched.map(SentinelText::replicas).orElse(NO_SUCH);
      case "sentinels" -> watched.map(SentinelText::sentinels).orElse(NO_SUCH);
      case "ckquorum" -> watched.map(SentinelText::quorum).orElse(NO_SUCH);
      case "failover" -> watched.map(each -> each.failover().byHand()).orElse(NO_SUCH);
      default -> Resp.error("ERR unknown subcommand '" + name + "'; this model does not have it");
    };
  }

  private Resp masterDown(List<String> words) {
    int port = Integer.parseInt(words.get(2));
    Optional<WatchedMaster> watched =
        sentinel
            .acceptable(words.get(1), port)
            .flatMap(
                asked ->
                    sentinel.masters().stream()
                        .filter(each -> each.address().sameOrNamedAs(asked))
                        .findFirst());
    Optional<Votes.Vote> vote =
        watched
            .filter(master -> !words.get(4).equals("*"))
            .map(each -> each.failover().votes().vote(Long.parseLong(words.get(3)), words.get(4)));
    return Resp.array(
        List.of(
            new Resp.Int(watched.filter(WatchedInstance::down).isPresent() ? 1 : 0),
            Resp.bulk(vote.flatMap(Votes.Vote::candidate).orElse("*")),
            new Resp.Int(vote.map(Votes.Vote::epoch).orElse(0L))));
  }
}
