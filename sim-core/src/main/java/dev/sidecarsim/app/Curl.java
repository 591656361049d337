package dev.sidecarsim.app;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code curl URL}: a GET by a process of its own, whose answer's body is printed. */
public final class Curl implements ConnectionHandler {

  private static final long TIMEOUT = Durations.seconds(20);
  private static final HttpFraming FRAMING = new HttpFraming();
  private static final Pattern URL =
      Pattern.compile("(?:https?://)?(?<host>[\\w.-]+):(?<port>\\d+)(?<path>/\\S*)?");

  private final Process client;
  private final String host;
  private final String path;
  private final Consumer<ExecResult> done;
  private Bytes waiting = Bytes.EMPTY;
  private boolean over;

  private Curl(Process client, String host, String path, Consumer<ExecResult> done) {
    this.client = client;
    this.host = host;
    this.path = path;
    this.done = done;
  }

  /** The first URL with a port among words; empty if there is none. */
  public static Optional<String> url(Iterable<String> words) {
    for (String word : words) {
      if (URL.matcher(word).matches()) {
        return Optional.of(word);
      }
    }
    return Optional.empty();
  }

  /** Gets a URL; exit codes are curl's: 6, 7, 22 for a status of 400 and more, 28, 52, 56. */
  public static void get(Process beside, String url, Consumer<ExecResult> done) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      done.accept(new ExecResult(3, "curl: (3) URL rejected: " + url + "\n"));
      return;
    }
    String host = parts.group("host");
    Process client = beside.namespace().process("curl", beside.owner());
    Optional<IpAddress> address = client.resolve(host).stream().findFirst();
    if (address.isEmpty()) {
      done.accept(new ExecResult(6, "curl: (6) Could not resolve host: " + host + "\n"));
      return;
    }
    String path = parts.group("path") == null ? "/" : parts.group("path");
    Endpoint to = new Endpoint(address.get(), Endpoint.parsePort(parts.group("port")));
    Curl curl = new Curl(client, host, path, done);
    client.connect(Dial.to(to), curl);
    client.after(TIMEOUT, () -> curl.end(28, "curl: (28) Operation timed out\n"));
  }

  @Override
  public void onConnected(Connection connection) {
    connection.send(FRAMING.encode(HttpMessage.get(host, path, List.of("User-Agent: curl"))));
  }

  @Override
  public void onData(Connection connection, Bytes data) {
    waiting = waiting.plus(data);
    if (FRAMING.decode(waiting) instanceof Framing.Decoded.Whole<HttpMessage> answer) {
      connection.close();
      HttpMessage message = answer.message();
      end(message.status() < 400 ? 0 : 22, message.body());
    }
  }

  @Override
  public void onEof(Connection connection) {
    connection.close();
    end(52, "curl: (52) Empty reply from server\n");
  }

  @Override
  public void onReset(Connection connection) {
    end(56, "curl: (56) Recv failure: Connection reset by peer\n");
  }

  @Override
  public void onFailed(Connection connection, ConnectFailure failure) {
    end(7, "curl: (7) Failed to connect to " + host + ": " + failure.message() + "\n");
  }

  private void end(int code, String output) {
    if (!over) {
      over = true;
      client.exit(code);
      done.accept(new ExecResult(code, output));
    }
  }
}
