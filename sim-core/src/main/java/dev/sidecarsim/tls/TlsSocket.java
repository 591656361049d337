package dev.sidecarsim.tls;

import dev.sidecarsim.host.Acceptor;
import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.TcpState;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;
import java.util.function.Function;

/**
 * A program's end of a connection inside TLS of its own, used like any other (SSLSocket). It counts
 * as connected once the handshake is done; a handshake that the peer breaks off is an end of the
 * connection, and one that comes to nothing otherwise a reset.
 */
public final class TlsSocket implements Connection {

  /** What a hello's random bytes are made of; they decide nothing. */
  private static final Seed NONCE = Seed.DEFAULT;

  /** Makes one side's TLS over a connection. */
  private interface Side<S extends ByteStream & ConnectionHandler> {
    S over(Connection wire, ByteStream.Events events);
  }

  private final Connection wire;
  private final ByteStream stream;
  private ConnectionHandler handler;
  private boolean open;
  private boolean peerClosed;

  private <S extends ByteStream & ConnectionHandler> TlsSocket(
      Function<ConnectionHandler, Connection> opener, Side<S> side, ConnectionHandler handler) {
    this.handler = handler;
    Wire below = new Wire();
    this.wire = opener.apply(below);
    S tls = side.over(wire, new Plain());
    this.stream = tls;
    below.tls = tls;
  }

  /**
   * Calls somebody.
   *
   * @param identity the subject of the own certificate
   */
  public static Connection connect(
      Process process, Dial dial, ClientHello hello, String identity, ConnectionHandler handler) {
    return new TlsSocket(
        below -> process.connect(dial, below),
        (wire, events) ->
            new TlsClientStream(wire, events, hello, identity, NONCE.stream(identity), why -> {}),
        handler);
  }

  /**
   * Takes calls.
   *
   * @param identity the subject of the own certificate
   * @param clientsNeedCertificates whether a client without one is turned away
   * @param inside takes a connection whose handshake is done
   */
  public static Acceptor accepting(
      String identity, boolean clientsNeedCertificates, Acceptor inside) {
    return wire -> {
      ConnectionHandler[] below = new ConnectionHandler[1];
      new TlsSocket(
          handler -> {
            below[0] = handler;
            return wire;
          },
          (same, events) ->
              new TlsServerStream(same, events, identity, clientsNeedCertificates, why -> {}),
          new ConnectionHandler() {
            @Override
            public void onConnected(Connection connection) {
              connection.handler(inside.accept(connection));
            }
          });
      return below[0];
    };
  }

  /** What comes on the wire, for the TLS of this socket. */
  private final class Wire implements ConnectionHandler {
    private ConnectionHandler tls = new ConnectionHandler() {};

    @Override
    public void onConnected(Connection connection) {
      tls.onConnected(connection);
    }

    @Override
    public void onData(Connection connection, Bytes data) {
      tls.onData(connection, data);
    }

    @Override
    public void onEof(Connection connection) {
      peerClosed = true;
      tls.onEof(connection);
    }

    @Override
    public void onReset(Connection connection) {
      tls.onReset(connection);
    }

    @Override
    public void onFailed(Connection connection, ConnectFailure failure) {
      handler.onFailed(TlsSocket.this, failure);
    }
  }

  /** What TLS makes of it, for the program. */
  private final class Plain implements ByteStream.Events {
    @Override
    public void opened() {
      open = true;
      handler.onConnected(TlsSocket.this);
    }

    @Override
    public void data(Bytes plain) {
      handler.onData(TlsSocket.this, plain);
    }

    @Override
    public void ended() {
      handler.onEof(TlsSocket.this);
    }

    @Override
    public void broken(String how) {
      if (peerClosed) {
        handler.onEof(TlsSocket.this);
      } else {
        handler.onReset(TlsSocket.this);
      }
    }
  }

  @Override
  public Process process() {
    return wire.process();
  }

  @Override
  public Endpoint local() {
    return wire.local();
  }

  @Override
  public Endpoint remote() {
    return wire.remote();
  }

  @Override
  public Optional<Endpoint> originalDestination() {
    return wire.originalDestination();
  }

  @Override
  public TcpState state() {
    return wire.state();
  }

  @Override
  public Tracer tracer() {
    return wire.tracer();
  }

  @Override
  public void handler(ConnectionHandler next) {
    handler = next;
  }

  @Override
  public void send(Bytes data) {
    stream.send(data);
  }

  @Override
  public void finish() {
    stream.finish();
  }

  /** Says goodbye first, if there was a handshake. */
  @Override
  public void close() {
    if (open) {
      stream.finish();
    }
    stream.close();
  }

  @Override
  public void abort() {
    wire.abort();
  }

  @Override
  public void pauseReading() {
    wire.pauseReading();
  }

  @Override
  public void resumeReading() {
    wire.resumeReading();
  }

  /** Records as they stand on the wire. */
  @Override
  public Bytes peek() {
    return wire.peek();
  }

  @Override
  public boolean peerFinished() {
    return wire.peerFinished();
  }
}
