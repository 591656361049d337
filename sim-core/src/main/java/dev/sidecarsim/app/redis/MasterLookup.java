package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a chart's start script does before the server: it asks the Sentinels behind a Service who
 * the master is. Without an answer, for whatever reason, the server starts as a master.
 */
final class MasterLookup {

  /**
   * Bitnami's scripts run redis-cli under {@code timeout 90}; a connection is closed long before.
   */
  private static final long WITHIN = 90 * SECOND;

  /** Whom to ask for which master. */
  record Question(String service, int port, String masterName) {}

  private MasterLookup() {}

  /** Asks; empty if nobody answers or nobody knows. */
  static void ask(
      Process process, Question question, Consumer<Optional<RedisConfig.Address>> done) {
    List<IpAddress> found = process.resolve(question.service());
    if (found.isEmpty()) {
      done.accept(Optional.empty());
      return;
    }
    RespCall.send(
        process,
        new Endpoint(found.get(0), question.port()),
        WITHIN,
        List.of(Resp.command("SENTINEL", "get-master-addr-by-name", question.masterName())),
        answer -> done.accept(address(answer)),
        end -> done.accept(Optional.empty()));
  }

  private static Optional<RedisConfig.Address> address(Resp answer) {
    List<String> words = answer.words();
    return words.size() == 2
        ? Optional.of(new RedisConfig.Address(words.get(0), Integer.parseInt(words.get(1))))
        : Optional.empty();
  }
}
