package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One connection of the election: messages with their length before them, in both directions.
 *
 * <p>It waits for messages without limit, so that a connection whose other end is gone stays until
 * a message is written to it.
 */
final class ElectionLink implements ConnectionHandler {

  /** QuorumCnxManager.PACKETMAXSIZE. */
  private static final int LARGEST = 524288;

  private final QuorumPeer peer;
  private final ElectionNetwork network;
  private final Connection connection;
  private final long sid;
  private final int port;
  private final boolean dialled;
  private Input input = new Input();
  private Bytes firstBytes = Bytes.EMPTY;
  private boolean heard;
  private boolean closed;

  ElectionLink(
      QuorumPeer peer,
      ElectionNetwork network,
      Connection connection,
      long sid,
      int port,
      boolean dialled) {
    this.peer = peer;
    this.network = network;
    this.connection = connection;
    this.sid = sid;
    this.port = port;
    this.dialled = dialled;
  }

  long sid() {
    return sid;
  }

  /** Takes the connection over; sends what waits. */
  void start(Optional<Bytes> message) {
    connection.handler(this);
    message.ifPresent(this::write);
  }

  void write(Bytes message) {
    ByteBuffer length = ByteBuffer.allocate(4).putInt(message.size());
    connection.send(Bytes.of(length.array()).plus(message));
  }

  /** Goes on with what came behind the hello. */
  void receive(Input rest, Bytes first) {
    input = rest;
    firstBytes = first;
    readMessages();
  }

  @Override
  public void onData(Connection same, Bytes data) {
    if (!heard && dialled) {
      peer.encounters().answered(sid, port);
    }
    heard = true;
    input.add(data);
    readMessages();
  }

  private void readMessages() {
    while (!closed && input.has(4)) {
      int length = input.peekInt(0);
      if (length <= 0 || length > LARGEST) {
        peer.encounters().garbage(port, connection.remote().address(), firstBytes);
        end();
        return;
      }
      if (!input.has(4 + length)) {
        return;
      }
      network.received(sid, input.take(4 + length).from(4));
    }
  }

  @Override
  public void onEof(Connection same) {
    if (dialled && !heard) {
      peer.encounters().closedEarly(sid, port);
    }
    peer.log().links().broken(sid, "java.io.EOFException");
    end();
  }

  @Override
  public void onReset(Connection same) {
    if (dialled && !heard) {
      peer.encounters().reset(sid, port);
    }
    peer.log().links().broken(sid, "java.net.SocketException: Connection reset");
    end();
  }

  private void end() {
    close();
    network.broken(this);
  }

  void close() {
    closed = true;
    connection.close();
  }

  /** Gives way to a newer connection of the same peer. */
  void giveWay() {
    peer.log().links().broken(sid, "java.net.SocketException: Socket closed");
    close();
  }

  /** What this link is to the ensemble, if the peer opened it. */
  Optional<QuorumPeer.AcceptedLink> accepted() {
    return dialled
        ? Optional.empty()
        : Optional.of(
            new QuorumPeer.AcceptedLink(
                sid, port, connection.remote().address(), connection.state().name()));
  }
}
