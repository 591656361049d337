package dev.sidecarsim.ztunnel;

import dev.sidecarsim.hbone.TunnelClient;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.tls.RawStream;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A running ztunnel, as far as it works in one pod. It listens from the start and holds what comes
 * until it has been told who it is.
 *
 * <p>{@link #apply} replaces what it knows at any time. Connections that are open go on as they
 * began.
 */
public final class Ztunnel {

  /** The mark of its sockets (PACKET_MARK, 1337), which the pod's rules spare. */
  public static final int MARK = 0x539;

  /** Ports inside the pod (src/config.rs of istio/ztunnel). */
  static final int OUTBOUND_PORT = 15001;

  static final int PLAINTEXT_PORT = 15006;
  static final int TUNNEL_PORT = 15008;
  static final int DNS_PORT = 15053;

  /** How long it tries to connect, in nanoseconds (CONNECTION_TIMEOUT of src/proxy.rs). */
  private static final long CONNECT_TIMEOUT = Durations.seconds(10);

  /**
   * From accept to the first decision, in nanoseconds: a task is made for each connection, and by
   * then there is what a caller sends at once, so that to turn it away is to reset it. A guess at
   * the order of magnitude; what matters is that it is longer than the gap between two packets.
   */
  private static final long REACTION = Durations.micros(100);

  private final Process process;
  private final Random random;
  private final List<Runnable> waiting = new ArrayList<>();
  private @Nullable ZtunnelConfig config;

  /**
   * Opens its sockets.
   *
   * @param process a program in the pod's network namespace
   * @param random what endpoints are drawn with, and TLS's random bytes
   */
  public Ztunnel(Process process, Random random) {
    this.process = process;
    this.random = random;
    process.actAsProxy();
    process.markSockets(MARK);
    listen(OUTBOUND_PORT, Outbound::run);
    listen(PLAINTEXT_PORT, Inbound::run);
    listen(TUNNEL_PORT, (self, connection) -> new InboundTunnel(self, connection).run());
    listenForDns(IpAddress.LOOPBACK_V4);
    listenForDns(IpAddress.LOOPBACK_V6);
  }

  private void listen(int port, BiConsumer<Ztunnel, Connection> program) {
    process.listen(
        new Endpoint(IpAddress.ANY_V6, port),
        connection -> {
          connection.pauseReading();
          process.after(REACTION, () -> whenTold(() -> program.accept(this, connection)));
          return new ConnectionHandler() {};
        });
  }

  /** Names are resolved without packets here; the socket is there for those who list sockets. */
  private void listenForDns(IpAddress address) {
    process.listen(new Endpoint(address, DNS_PORT), connection -> new ConnectionHandler() {});
  }

  private void whenTold(Runnable action) {
    if (config == null) {
      waiting.add(action);
    } else {
      action.run();
    }
  }

  /** What it has been told; empty before that. */
  public Optional<ZtunnelConfig> config() {
    return Optional.ofNullable(config);
  }

  /** Takes a new configuration. */
  public void apply(ZtunnelConfig next) {
    config = next;
    List<Runnable> held = List.copyOf(waiting);
    waiting.clear();
    held.forEach(Runnable::run);
  }

  private ZtunnelConfig told() {
    if (config == null) {
      throw new IllegalStateException(subject() + ": ztunnel was asked before it was configured");
    }
    return config;
  }

  Process process() {
    return process;
  }

  String identity() {
    return told().identity();
  }

  /** The pod's name, which its steps carry. */
  String subject() {
    return process.namespace().name();
  }

  /** Whether a port is its own: what is passed on to one would come back without end. */
  static boolean isOwnPort(int port) {
    return port == OUTBOUND_PORT || port == PLAINTEXT_PORT || port == TUNNEL_PORT;
  }

  Destination destination(Endpoint called) {
    return told().destination(called, random, process::resolve);
  }

  /** A connection of its own in the pod's name. */
  Dial dial(Endpoint to, Tracer tracer) {
    return Dial.to(to).within(CONNECT_TIMEOUT).traced(tracer);
  }

  /** A tunnel to a target in the pod's name, over a connection that is being made. */
  TunnelClient tunnel(Connection dialled, Endpoint target, ByteStream.Events events) {
    return new TunnelClient(
        dialled,
        target,
        identity(),
        events,
        random,
        how -> tell(dialled, new ZtunnelCause.NoTunnel(subject(), dialled.remote(), how)));
  }

  /** A relay that closes an accepted plaintext connection if the far side does not come to be. */
  Relay plainRelay(Connection accepted, String whom) {
    return new Relay(
        () -> {},
        why -> {
          tellFailed(accepted, whom, why);
          accepted.close();
        });
  }

  /** Whether the policies let a caller in; if not, the reason is told. */
  boolean admits(Connection connection, Access.Call call) {
    Optional<Access.Denial> denial = told().access().check(call);
    if (connection.tracer().on()) {
      denial.ifPresent(why -> tellDenied(connection, call, why));
    }
    return denial.isEmpty();
  }

  /** Dials the application as the caller would have, in its name. */
  void deliver(Connection accepted, Access.Call call, Relay relay) {
    if (accepted.tracer().on()) {
      accepted
          .tracer()
          .step(new ZtunnelStep.Delivering(subject(), call.destination(), call.source()));
    }
    Dial dial =
        dial(call.destination(), accepted.tracer()).transparentlyFrom(accepted.remote().address());
    Connection dialled = process.connect(dial, new ConnectionHandler() {});
    RawStream raw = new RawStream(dialled, relay.farEvents());
    dialled.handler(raw);
    relay.far(raw);
  }

  // ---- what it tells

  private void tellDenied(Connection connection, Access.Call call, Access.Denial denial) {
    connection.tracer().step(new ZtunnelStep.Denied(subject(), denial.why()));
    connection
        .tracer()
        .cause(
            denial.plaintext()
                ? new ZtunnelCause.PlaintextToStrict(subject(), call.destination())
                : new ZtunnelCause.AccessDenied(
                    subject(), call.destination(), call.identity().orElse(""), denial.why()));
  }

  void tellForbidden(Connection connection, Endpoint called) {
    tell(connection, new ZtunnelCause.Forbidden(subject(), called));
  }

  void tellFailed(Connection connection, String whom, String why) {
    if (connection.tracer().on()) {
      connection.tracer().step(new ZtunnelStep.Failed(subject(), whom, why));
    }
  }

  void tell(Connection connection, ZtunnelCause cause) {
    if (connection.tracer().on()) {
      connection.tracer().cause(cause);
    }
  }
}
