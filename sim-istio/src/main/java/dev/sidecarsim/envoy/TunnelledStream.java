package dev.sidecarsim.envoy;

import dev.sidecarsim.hbone.TunnelServer;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a tunnel that ends here, on its way to an internal listener: to the listener it looks
 * like a connection of the tunnel's caller to whom the caller asks for.
 */
final class TunnelledStream implements Accepted, ByteStream, ByteStream.Events {

  private static final int SERVICE_UNAVAILABLE = 503;

  private final Downstream outer;
  private final String listener;
  private final TunnelServer tunnel;
  private Endpoint target;
  private Bytes waiting = Bytes.EMPTY;
  private boolean ended;
  private boolean reading;
  private @Nullable Watcher watcher;
  private @Nullable Events user;

  private TunnelledStream(Downstream outer, TransportSocket transport, String listener) {
    this.outer = outer;
    this.listener = listener;
    this.target = outer.incoming().destination();
    this.tunnel = new TunnelServer(events -> outer.stream(transport, events), this, this::asked);
  }

  /** Takes over a connection, which starts with a CONNECT. */
  static void start(Downstream outer, TransportSocket transport, String listener) {
    TunnelledStream stream = new TunnelledStream(outer, transport, listener);
    outer.envoy().process().after(0, stream.tunnel::run);
  }

  /** Envoy says yes before it knows whether anybody is reached: the listener is its own. */
  private void asked(Endpoint called) {
    target = called;
    if (tracer().on()) {
      tracer()
          .step(
              new EnvoyStep.ConnectAsked(
                  outer.subject(), called, peer().orElse(""), remote(), listener));
    }
    Optional<Listener> internal = outer.envoy().config().listener(listener);
    if (internal.isEmpty()) {
      tunnel.refuse(SERVICE_UNAVAILABLE);
      return;
    }
    tunnel.accept();
    new DownstreamSocket(outer.envoy(), this).run(internal.get());
  }

  // ---- as the listener sees it

  @Override
  public Endpoint remote() {
    return outer.incoming().source();
  }

  @Override
  public Endpoint local() {
    return target;
  }

  @Override
  public Optional<Endpoint> originalDestination() {
    return Optional.of(target);
  }

  @Override
  public Bytes peek() {
    return waiting;
  }

  @Override
  public boolean peerFinished() {
    return ended;
  }

  @Override
  public Tracer tracer() {
    return outer.tracer();
  }

  @Override
  public void watch(Watcher told) {
    watcher = told;
  }

  /** What is inside of a tunnel is taken as it is. */
  @Override
  public ByteStream stream(TransportSocket transport, Events events, Consumer<String> refused) {
    user = events;
    return this;
  }

  // ---- as the chain's filter sees it

  @Override
  public Optional<String> peer() {
    return tunnel.peer();
  }

  @Override
  public void start() {
    reading = true;
    if (user != null) {
      user.opened();
      Bytes early = waiting;
      waiting = Bytes.EMPTY;
      if (!early.isEmpty()) {
        user.data(early);
      }
      if (ended) {
        user.ended();
      }
    }
  }

  @Override
  public void send(Bytes plain) {
    tunnel.send(plain);
  }

  @Override
  public void finish() {
    tunnel.finish();
  }

  @Override
  public void close() {
    tunnel.close();
  }

  // ---- what comes through the tunnel

  @Override
  public void opened() {
    // The stream is there once its CONNECT is.
  }

  @Override
  public void data(Bytes plain) {
    if (reading && user != null) {
      user.data(plain);
    } else {
      waiting = waiting.plus(plain);
      tellWatcher();
    }
  }

  @Override
  public void ended() {
    ended = true;
    if (reading && user != null) {
      user.ended();
    } else {
      tellWatcher();
    }
  }

  private void tellWatcher() {
    if (watcher != null) {
      watcher.readable();
    }
  }

  @Override
  public void broken(String how) {
    if (user != null) {
      user.broken(how);
    } else if (watcher != null) {
      watcher.gone();
    }
  }
}
