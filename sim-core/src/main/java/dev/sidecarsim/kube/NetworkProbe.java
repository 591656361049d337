package dev.sidecarsim.kube;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection that asks whether a program is well, as the kubelet makes it for an {@code
 * httpGet}, {@code tcpSocket} or {@code grpc} probe, and whoever probes in its stead.
 */
public final class NetworkProbe implements ConnectionHandler {

  private static final Pattern STATUS = Pattern.compile("^HTTP/\\d(?:\\.\\d)? (\\d{3})");

  private final Bytes request;
  private final Runnable assumeEcho;
  private final Consumer<Boolean> answered;
  private Bytes got = Bytes.EMPTY;
  private boolean over;

  private NetworkProbe(Bytes request, Runnable assumeEcho, Consumer<Boolean> answered) {
    this.request = request;
    this.assumeEcho = assumeEcho;
    this.answered = answered;
  }

  /**
   * Connects and asks.
   *
   * @param dial whom to ask, and within which time, in nanoseconds, all must be over
   * @param request what is sent; empty if an accepted connection is all that counts
   * @param assumeEcho is told when the server sent the request itself back: a stand-in for a
   *     program that nobody described, which counts as healthy
   * @param answered is told once whether the program is well: HTTP status 200 to 399
   */
  public static void ask(
      Process asking, Dial dial, Bytes request, Runnable assumeEcho, Consumer<Boolean> answered) {
    NetworkProbe probe = new NetworkProbe(request, assumeEcho, answered);
    Connection call = asking.connect(dial, probe);
    asking.after(dial.timeoutNanos(), () -> probe.finish(call, false));
  }

  /** The request of a GET as the kubelet sends it. */
  static Bytes get(Probe.HttpGet probe, String host) {
    StringBuilder text = new StringBuilder("GET ");
    text.append(probe.path().startsWith("/") ? "" : "/").append(probe.path());
    text.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
    text.append("User-Agent: kube-probe\r\nAccept: */*\r\nConnection: close\r\n");
    probe.headers().forEach(header -> text.append(header).append("\r\n"));
    return Bytes.of(text.append("\r\n").toString());
  }

  @Override
  public void onConnected(Connection connection) {
    if (request.isEmpty()) {
      finish(connection, true);
    } else {
      connection.send(request);
    }
  }

  @Override
  public void onData(Connection connection, Bytes data) {
    got = got.plus(data);
    Matcher status = STATUS.matcher(got.text());
    if (status.find()) {
      int code = Integer.parseInt(status.group(1));
      finish(connection, code >= 200 && code < 400);
    } else if (got.startsWith(request)) {
      assumeEcho.run();
      finish(connection, true);
    }
  }

  @Override
  public void onEof(Connection connection) {
    finish(connection, false);
  }

  @Override
  public void onReset(Connection connection) {
    finish(connection, false);
  }

  @Override
  public void onFailed(Connection connection, ConnectFailure failure) {
    finish(connection, false);
  }

  private void finish(Connection connection, boolean success) {
    if (!over) {
      over = true;
      connection.close();
      answered.accept(success);
    }
  }
}
