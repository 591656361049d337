package dev.sidecarsim.kube;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs a netcat line beside a container's process: a process of its own, with a socket of its own.
 */
final class Netcat implements ConnectionHandler {

  private static final int TIMED_OUT = 124;

  private final NetcatCommand command;
  private final Process process;
  private final Runnable assumeEcho;
  private final Consumer<ExecResult> done;
  private Bytes answer = Bytes.EMPTY;
  private boolean over;

  private Netcat(
      NetcatCommand command, Process process, Runnable assumeEcho, Consumer<ExecResult> done) {
    this.command = command;
    this.process = process;
    this.assumeEcho = assumeEcho;
    this.done = done;
  }

  /**
   * Runs the line.
   *
   * @param assumeEcho is told when the server sent the word itself back where another was expected:
   *     a stand-in for a program that nobody described, which counts as the right answer
   */
  static void run(
      NetcatCommand command, Process beside, Runnable assumeEcho, Consumer<ExecResult> done) {
    Process process = beside.namespace().process("nc", beside.owner());
    new Netcat(command, process, assumeEcho, done).start();
  }

  private void start() {
    List<IpAddress> found = process.resolve(command.host());
    if (found.isEmpty()) {
      finish(1);
      return;
    }
    Endpoint server = new Endpoint(found.get(0), command.port());
    process.connect(Dial.to(server), this);
    process.after(command.timeoutNanos(), () -> finish(TIMED_OUT));
  }

  @Override
  public void onConnected(Connection connection) {
    if (command.sent().isEmpty()) {
      connection.close();
      finish(0);
    } else {
      connection.send(Bytes.of(command.sent()));
    }
  }

  @Override
  public void onData(Connection connection, Bytes data) {
    answer = answer.plus(data);
    if (command.expected().isPresent() && answer.equals(Bytes.of(command.sent()))) {
      assumeEcho.run();
      connection.close();
      end(0, 0);
    }
  }

  @Override
  public void onEof(Connection connection) {
    connection.close();
    finish(0);
  }

  @Override
  public void onReset(Connection connection) {
    finish(0);
  }

  @Override
  public void onFailed(Connection connection, ConnectFailure failure) {
    finish(1);
  }

  /** The last command of the pipe decides: grep's code where there is one, else netcat's. */
  private void finish(int netcatCode) {
    boolean found = command.expected().map(answer.text()::contains).orElse(netcatCode == 0);
    end(netcatCode, found ? 0 : Math.max(netcatCode, 1));
  }

  private void end(int netcatCode, int pipeCode) {
    if (!over) {
      over = true;
      process.exit(netcatCode);
      done.accept(new ExecResult(pipeCode, answer.text()));
    }
  }
}
