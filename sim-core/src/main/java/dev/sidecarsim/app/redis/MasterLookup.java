package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.End;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a chart's start script does before the server: it asks the Sentinels behind a Service who
 * the master is. Without an answer, for whatever reason, the server starts as a master.
 */
final class MasterLookup {

  /**
   * Bitnami's scripts run redis-cli under {@code timeout 90}; a connection is closed long before.
   */
  private static final long WITHIN = 90 * SECOND;

  /**
   * Whom to ask for which master.
   *
   * @param tries how often, {@code pause} seconds apart
   */
  record Question(String service, int port, String masterName, int tries, int pause) {}

  private final Process process;
  private final Question question;
  private final Consumer<Supplier<String>> output;
  private final Consumer<Optional<RedisConfig.Address>> done;
  private int tried;

  private MasterLookup(
      Process process,
      Question question,
      Consumer<Supplier<String>> output,
      Consumer<Optional<RedisConfig.Address>> done) {
    this.process = process;
    this.question = question;
    this.output = output;
    this.done = done;
  }

  /**
   * Asks.
   *
   * @param output takes the lines of the log
   * @param done is told the master, or that nobody answers or nobody knows
   */
  static void ask(
      Process process,
      Question question,
      Consumer<Supplier<String>> output,
      Consumer<Optional<RedisConfig.Address>> done) {
    new MasterLookup(process, question, output, done).ask();
  }

  private void ask() {
    tried++;
    List<IpAddress> found = process.resolve(question.service());
    if (found.isEmpty()) {
      failed("Name or service not known");
      return;
    }
    RespCall.send(
        process,
        new Endpoint(found.get(0), question.port()),
        WITHIN,
        List.of(Resp.command("SENTINEL", "get-master-addr-by-name", question.masterName())),
        answer -> done.accept(address(answer)),
        end -> failed(end.kind() == End.Kind.FAILED ? end.text() : "Server closed the connection"));
  }

  private void failed(String why) {
    output.accept(
        () ->
            "Could not connect to Redis at %s:%d: %s"
                .formatted(question.service(), question.port(), why));
    if (tried < question.tries()) {
      process.after(seconds(question.pause()), this::ask);
    } else {
      done.accept(Optional.empty());
    }
  }

  private static Optional<RedisConfig.Address> address(Resp answer) {
    List<String> words = answer.words();
    return words.size() == 2
        ? Optional.of(new RedisConfig.Address(words.get(0), Integer.parseInt(words.get(1))))
        : Optional.empty();
  }
}
