package dev.sidecarsim.istio;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The agent's question to the application, from inside the pod: up to 1.9 to localhost, from 1.10
 * to the pod's address from 127.0.0.6, as Envoy's own calls go.
 */
final class ApplicationProbe {

  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.\\d (\\d{3})");

  /**
   * The kubelet's default; the agent keeps the probe's own, which is never more for a green pod.
   */
  private static final long TIMEOUT = Durations.seconds(1);

  private final Container container;
  private final VersionPreset preset;

  ApplicationProbe(Container container, VersionPreset preset) {
    this.container = container;
    this.preset = preset;
  }

  /**
   * Asks once.
   *
   * @param prober the port and, for HTTP, the path
   * @param reply is told whether the application is well
   */
  void ask(JsonObject prober, Consumer<Boolean> reply) {
    int port = prober.integer("port", 0, 1, 65535);
    Optional<Bytes> request =
        prober
            .string("path")
            .map(path -> "GET " + path + " HTTP/1.1\r\nHost: " + container.podIp() + "\r\n\r\n")
            .map(Bytes::of);
    container.process().connect(dial(port), new Asking(request, reply));
  }

  private Dial dial(int port) {
    IpAddress pod = container.podIp();
    if (!preset.probesPodAddress()) {
      return Dial.to(new Endpoint(pod.loopback(), port)).within(TIMEOUT);
    }
    IpAddress source = IpAddress.of(pod.v6() ? "::6" : "127.0.0.6");
    return Dial.to(new Endpoint(pod, port)).from(source).within(TIMEOUT);
  }

  private static final class Asking implements ConnectionHandler {
    private final Optional<Bytes> request;
    private final Consumer<Boolean> reply;
    private Bytes got = Bytes.EMPTY;
    private boolean over;

    Asking(Optional<Bytes> request, Consumer<Boolean> reply) {
      this.request = request;
      this.reply = reply;
    }

    @Override
    public void onConnected(Connection connection) {
      if (request.isPresent()) {
        connection.send(request.get());
        connection.process().after(TIMEOUT, () -> end(connection, false));
      } else {
        end(connection, true);
      }
    }

    @Override
    public void onData(Connection connection, Bytes data) {
      got = got.plus(data);
      Matcher status = STATUS.matcher(got.text());
      if (status.find()) {
        int code = Integer.parseInt(status.group(1));
        end(connection, code >= 200 && code < 400);
      } else if (request.isPresent() && got.startsWith(request.get())) {
        // An echo: the stand-in for a program that nobody described, which counts as well.
        end(connection, true);
      }
    }

    @Override
    public void onEof(Connection connection) {
      end(connection, false);
    }

    @Override
    public void onReset(Connection connection) {
      end(connection, false);
    }

    @Override
    public void onFailed(Connection connection, ConnectFailure failure) {
      end(connection, false);
    }

    private void end(Connection connection, boolean well) {
      if (!over) {
        over = true;
        connection.close();
        reply.accept(well);
      }
    }
  }
}
