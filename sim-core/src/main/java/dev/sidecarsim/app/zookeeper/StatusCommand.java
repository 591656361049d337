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
    ZooKeeperConfig config = server.config();
    boolean wildcard =
        IpAddress.isLiteral(config.clientHost()) && IpAddress.of(config.clientHost()).isAny();
    String host = wildcard ? "localhost" : config.clientHost();
    String found =
        "Client port found: "
            + config.clientPort()
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
        new Endpoint(address, config.clientPort()),
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
