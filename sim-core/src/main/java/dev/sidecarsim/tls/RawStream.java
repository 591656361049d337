package dev.sidecarsim.tls;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;

/** Bytes as they are. */
public final class RawStream implements ByteStream, ConnectionHandler {

  private final Connection connection;
  private final Events events;

  public RawStream(Connection connection, Events events) {
    this.connection = connection;
    this.events = events;
  }

  @Override
  public void start() {
    events.opened();
    connection.handler(this);
    connection.resumeReading();
  }

  @Override
  public void onConnected(Connection dialled) {
    events.opened();
  }

  @Override
  public void onData(Connection from, Bytes data) {
    events.data(data);
  }

  @Override
  public void onEof(Connection from) {
    events.ended();
  }

  @Override
  public void onReset(Connection from) {
    events.broken("connection reset");
  }

  @Override
  public void onFailed(Connection dialled, ConnectFailure failure) {
    events.broken(failure.message());
  }

  @Override
  public void send(Bytes plain) {
    connection.send(plain);
  }

  @Override
  public void finish() {
    connection.finish();
  }

  @Override
  public void close() {
    connection.close();
  }
}
