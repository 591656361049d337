package dev.sidecarsim.envoy;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.tls.RawStream;
import dev.sidecarsim.tls.TlsServerStream;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection of the kernel. Nothing is read before there is a stream; bytes are peeked at. */
final class AcceptedConnection implements Accepted, ConnectionHandler {

  private final Connection connection;
  private ConnectionHandler handler = this;
  private @Nullable Watcher watcher;

  AcceptedConnection(Connection connection) {
    this.connection = connection;
    connection.pauseReading();
  }

  /** Who is told of the connection's events: this, until there is a stream. */
  ConnectionHandler handler() {
    return handler;
  }

  @Override
  public Endpoint remote() {
    return connection.remote();
  }

  @Override
  public Endpoint local() {
    return connection.local();
  }

  @Override
  public Optional<Endpoint> originalDestination() {
    return connection.originalDestination();
  }

  @Override
  public Bytes peek() {
    return connection.peek();
  }

  @Override
  public boolean peerFinished() {
    return connection.peerFinished();
  }

  @Override
  public Tracer tracer() {
    return connection.tracer();
  }

  @Override
  public void watch(Watcher told) {
    watcher = told;
  }

  @Override
  public ByteStream stream(
      TransportSocket transport, ByteStream.Events events, Consumer<String> refused) {
    if (transport instanceof TransportSocket.DownstreamTls tls) {
      return handledBy(
          new TlsServerStream(
              connection, events, tls.identity(), tls.requireClientCertificate(), refused));
    }
    return handledBy(new RawStream(connection, events));
  }

  private <T extends ConnectionHandler & ByteStream> T handledBy(T stream) {
    handler = stream;
    connection.handler(stream);
    return stream;
  }

  @Override
  public void close() {
    connection.close();
  }

  @Override
  public void onReadable(Connection waiting) {
    if (watcher != null) {
      watcher.readable();
    }
  }

  @Override
  public void onReset(Connection gone) {
    if (watcher != null) {
      watcher.gone();
    }
  }
}
