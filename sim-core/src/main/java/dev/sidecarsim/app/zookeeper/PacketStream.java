package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.time.Timer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Packets over one connection of the quorum port, with a limit on the wait for the next one. */
abstract class PacketStream implements ConnectionHandler {

  private final Process process;
  private final Input input = new Input();
  private @Nullable Timer readLimit;
  private long limitNanos;
  private boolean closed;

  PacketStream(Process process, long limitNanos) {
    this.process = process;
    this.limitNanos = limitNanos;
  }

  /** A packet came. */
  abstract void onPacket(Connection connection, QuorumPacket packet);

  /** The stream cannot go on; the connection is still to be closed. */
  abstract void onEnd(Connection connection, End end);

  /** How a stream ends. */
  enum End {
    EOF,
    RESET,
    SILENCE,
    GARBAGE
  }

  /** SO_TIMEOUT: how long a read waits, from now on. */
  final void readLimit(Connection connection, long nanos) {
    limitNanos = nanos;
    armReadLimit(connection);
  }

  final void armReadLimit(Connection connection) {
    if (readLimit != null) {
      readLimit.cancel();
    }
    readLimit = process.after(limitNanos, () -> end(connection, End.SILENCE));
  }

  final void send(Connection connection, QuorumPacket packet) {
    connection.send(packet.encode());
  }

  final boolean closed() {
    return closed;
  }

  final void close(Connection connection) {
    closed = true;
    if (readLimit != null) {
      readLimit.cancel();
    }
    connection.close();
  }

  private void end(Connection connection, End end) {
    if (!closed) {
      onEnd(connection, end);
    }
  }

  @Override
  public final void onData(Connection connection, Bytes data) {
    input.add(data);
    armReadLimit(connection);
    try {
      while (!closed) {
        Optional<QuorumPacket> packet = QuorumPacket.read(input);
        if (packet.isEmpty()) {
          return;
        }
        onPacket(connection, packet.get());
      }
    } catch (QuorumPacket.MalformedException e) {
      end(connection, End.GARBAGE);
    }
  }

  @Override
  public final void onEof(Connection connection) {
    end(connection, End.EOF);
  }

  @Override
  public final void onReset(Connection connection) {
    end(connection, End.RESET);
  }
}
