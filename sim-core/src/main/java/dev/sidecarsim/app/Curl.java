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

/**
 * {@code curl URL}: a request by a process of its own, whose answer's body is printed. Of its
 * options {@code -X}, {@code -m} and {@code --fail} count, in their long forms as well.
 */
public final class Curl implements ConnectionHandler {

  /** Longer than any server here takes; curl itself has no limit. */
  private static final long TIMEOUT = Durations.seconds(50);

  private static final HttpFraming FRAMING = new HttpFraming();
  private static final Pattern URL =
      Pattern.compile("(?:https?://)?(?<host>[\\w.-]+):(?<port>\\d+)(?<path>/\\S*)?");

  /**
   * What is asked.
   *
   * @param fails whether a status of 400 and more is a failure
   */
  private record Call(String method, String url, long timeout, boolean fails) {}

  private final Process client;
  private final Call call;
  private final String host;
  private final String path;
  private final Consumer<ExecResult> done;
  private Bytes waiting = Bytes.EMPTY;
  private boolean over;

  private Curl(Process client, Call call, String host, String path, Consumer<ExecResult> done) {
    this.client = client;
    this.call = call;
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
    start(beside, new Call("GET", url, TIMEOUT, true), done);
  }

  /** Runs curl with these arguments, one of which is a URL with a port. */
  public static void run(Process beside, List<String> arguments, Consumer<ExecResult> done) {
    String method = "GET";
    long timeout = TIMEOUT;
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
      if (word.equals("-X") || word.equals("--request")) {
        method = next;
      } else if (word.startsWith("-X")) {
        method = word.substring(2);
      } else if ((word.equals("-m") || word.equals("--max-time")) && next.matches("\\d{1,4}")) {
        timeout = Durations.seconds(Integer.parseInt(next));
      }
    }
    boolean fails = arguments.contains("--fail") || arguments.contains("-f");
    start(beside, new Call(method, url(arguments).orElse(""), timeout, fails), done);
  }

  private static void start(Process beside, Call call, Consumer<ExecResult> done) {
    String url = call.url();
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
    Curl curl = new Curl(client, call, host, path, done);
    Sockets.of(url.startsWith("https://"), "", false).connect(client, Dial.to(to), host, curl);
    client.after(call.timeout(), () -> curl.end(28, "curl: (28) Operation timed out\n"));
  }

  @Override
  public void onConnected(Connection connection) {
    List<String> headers = List.of("User-Agent: curl");
    connection.send(FRAMING.encode(HttpMessage.request(call.method(), host, path, headers)));
  }

  @Override
  public void onData(Connection connection, Bytes data) {
    waiting = waiting.plus(data);
    if (FRAMING.decode(waiting) instanceof Framing.Decoded.Whole<HttpMessage> answer) {
      connection.close();
      HttpMessage message = answer.message();
      end(message.status() < 400 || !call.fails() ? 0 : 22, message.body());
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
