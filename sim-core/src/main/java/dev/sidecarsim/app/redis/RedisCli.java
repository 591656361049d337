package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.app.ShellCommand;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.ExecHandler;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code redis-cli [-h host] [-p port] [-a password] COMMAND}, and the charts' health scripts,
 * which are a ping in the end.
 */
final class RedisCli implements ExecHandler {

  private static final long TIMEOUT = 15 * SECOND;

  private final Process beside;
  private final Setup setup;
  private final int ownPort;
  private final String ownPassword;

  RedisCli(Process beside, Setup setup, int ownPort, String ownPassword) {
    this.beside = beside;
    this.setup = setup;
    this.ownPort = ownPort;
    this.ownPassword = ownPassword;
  }

  @Override
  public boolean exec(ImmutableList<String> command, Consumer<ExecResult> done) {
    ShellCommand shell = ShellCommand.of(command, setup);
    if (shell.runs("redis-cli")) {
      run(shell, done);
      return true;
    }
    String line = String.join(" ", command);
    if (line.matches("(?s).*(?:ping_\\w+\\.sh|redis-cli\\b.*\\bping\\b).*")) {
      Endpoint own = new Endpoint(IpAddress.LOOPBACK_V4, ownPort);
      call(own, ownPassword, Resp.command("PING"), result -> done.accept(healthy(result)));
      return true;
    }
    return false;
  }

  private static ExecResult healthy(ExecResult ping) {
    return new ExecResult(ping.output().startsWith("PONG") ? 0 : 1, ping.output());
  }

  private void run(ShellCommand shell, Consumer<ExecResult> done) {
    String host = "127.0.0.1";
    String port = "6379";
    String password = setup.env("REDISCLI_AUTH").orElse("");
    List<String> words = new ArrayList<>(shell.arguments());
    while (!words.isEmpty() && words.get(0).startsWith("-")) {
      String option = words.remove(0);
      boolean valued = List.of("-h", "-p", "-a", "--user", "--pass").contains(option);
      String value = valued && !words.isEmpty() ? words.remove(0) : "";
      switch (option) {
        case "-h" -> host = value;
        case "-p" -> port = value;
        case "-a", "--pass" -> password = value;
        default -> {
          // --no-auth-warning, --raw: say nothing about the answer.
        }
      }
    }
    Optional<IpAddress> address = beside.resolve(host).stream().findFirst();
    if (address.isEmpty()) {
      done.accept(notConnected(host, port, "Name or service not known"));
      return;
    }
    Resp command = Resp.command((words.isEmpty() ? List.of("PING") : words).toArray(String[]::new));
    String shownHost = host;
    String shownPort = port;
    call(
        new Endpoint(address.get(), Endpoint.parsePort(port)),
        password,
        command,
        result ->
            done.accept(
                result.exitCode() == 0
                    ? shell.filter(result)
                    : notConnected(shownHost, shownPort, result.output())));
  }

  private static ExecResult notConnected(String host, String port, String why) {
    return new ExecResult(
        1, "Could not connect to Redis at " + host + ":" + port + ": " + why + "\n");
  }

  private void call(Endpoint to, String password, Resp command, Consumer<ExecResult> done) {
    Process client = beside.namespace().process("redis-cli", beside.owner());
    List<Resp> commands = new ArrayList<>();
    if (!password.isEmpty()) {
      commands.add(Resp.command("AUTH", password));
    }
    commands.add(command);
    RespCall.send(
        client,
        to,
        TIMEOUT,
        commands,
        answer -> done.accept(new ExecResult(0, answer.print() + lineEnd(answer))),
        end -> done.accept(new ExecResult(1, words(end))));
  }

  /** redis-cli prints an empty line behind an error. */
  private static String lineEnd(Resp answer) {
    return answer instanceof Resp.Failure ? "\n\n" : "\n";
  }

  private static String words(End end) {
    return switch (end.kind()) {
      case FAILED -> end.text();
      case RESET -> "Connection reset by peer";
      default -> "Server closed the connection";
    };
  }
}
