package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.ExecHandler;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.trace.Tracer;
import java.util.List;
import java.util.function.Consumer;

/** {@code zkServer.sh status}: asks the client port for srvr and shows the line with the mode. */
final class StatusCommand implements ExecHandler {

  /** The time-out of the script's own client. */
  private static final long TIMEOUT = 5 * SECOND;

  private static final String NOTHING = "Error contacting service. It is probably not running.\n";

  /** What is said on the way to finding no port, in zoo.cfg, a dynamic file or for TLS. */
  private static final String NO_PORT =
      """
      Client port not found in static config file. Looking in dynamic config file.
      Client port not found in the server configs
      Client port not found. Looking for secureClientPort in the static config.
      Unable to find either secure or unsecure client port in any configs. Terminating.
      """;

  private final ZooKeeperServer server;

  StatusCommand(ZooKeeperServer server) {
    this.server = server;
  }

  @Override
  public boolean exec(ImmutableList<String> command, Consumer<ExecResult> done) {
    List<String> words = List.of(String.join(" ", command).strip().split("\\s+", -1));
    int last = words.size() - 1;
    if (last < 1 || !words.get(last).equals("status") || !isScript(words.get(last - 1))) {
      return false;
    }
    ask(done);
    return true;
  }

  private static boolean isScript(String word) {
    return word.equals("zkServer.sh") || word.endsWith("/zkServer.sh");
  }

  private void ask(Consumer<ExecResult> done) {
    ClientAccess access = server.config().clients();
    if (!access.listens()) {
      done.accept(new ExecResult(1, NO_PORT));
      return;
    }
    boolean wildcard = IpAddress.isLiteral(access.host()) && IpAddress.of(access.host()).isAny();
    String host = wildcard ? "localhost" : access.host();
    String found =
        "Client port found: "
            + access.port()
            + ". Client address: "
            + host
            + ". Client SSL: false.\n";
    Process client = server.process().namespace().process("zkServer.sh", server.process().owner());
    IpAddress address =
        wildcard
            ? IpAddress.LOOPBACK_V4
            : client.resolve(host).stream().findFirst().orElse(IpAddress.LOOPBACK_V4);
    FourLetterWord.ask(
        client,
        new Endpoint(address, access.port()),
        "srvr",
        TIMEOUT,
        Tracer.OFF,
        answer -> done.accept(result(found, answer.text())));
  }

  private static ExecResult result(String found, String answer) {
    return answer
        .lines()
        .filter(line -> line.startsWith("Mode"))
        .findFirst()
        .map(mode -> new ExecResult(0, found + mode + "\n"))
        .orElseGet(() -> new ExecResult(1, found + NOTHING));
  }
}
