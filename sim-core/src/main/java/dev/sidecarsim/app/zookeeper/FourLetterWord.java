package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Timer;
import dev.sidecarsim.trace.Tracer;
import java.util.function.Consumer;

/** A client that sends a four-letter word and reads the answer to its end, as nc does. */
public final class FourLetterWord implements ConnectionHandler {

  /**
   * What came back.
   *
   * @param text all that was read
   * @param problem what went wrong, as the shell would show it; empty if the answer is complete
   */
  public record Answer(String text, String problem) {}

  private final String word;
  private final Consumer<Answer> done;
  private final Timer limit;
  private Bytes read = Bytes.EMPTY;
  private boolean finished;

  private FourLetterWord(Process client, String word, long nanos, Consumer<Answer> done) {
    this.word = word;
    this.done = done;
    this.limit = client.after(nanos, () -> finish("timed out"));
  }

  /**
   * Asks a server.
   *
   * @param nanos how long the client waits for all of it, in nanoseconds
   * @param done is told the answer, once
   */
  public static void ask(
      Process client, Endpoint to, String word, long nanos, Tracer tracer, Consumer<Answer> done) {
    client.connect(
        Dial.to(to).within(nanos).traced(tracer), new FourLetterWord(client, word, nanos, done));
  }

  @Override
  public void onConnected(Connection connection) {
    connection.send(Bytes.of(word + "\n"));
  }

  @Override
  public void onData(Connection connection, Bytes data) {
    read = read.plus(data);
  }

  @Override
  public void onEof(Connection connection) {
    connection.close();
    finish("");
  }

  @Override
  public void onReset(Connection connection) {
    finish(read.isEmpty() ? "Connection reset by peer" : "");
  }

  @Override
  public void onFailed(Connection connection, ConnectFailure failure) {
    finish(failure.message());
  }

  private void finish(String problem) {
    if (!finished) {
      finished = true;
      limit.cancel();
      done.accept(new Answer(read.text(), problem));
    }
  }
}
