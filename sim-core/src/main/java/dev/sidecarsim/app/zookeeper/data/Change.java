package dev.sidecarsim.app.zookeeper.data;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.net.Bytes;

/** What a transaction does to the tree; the numbers are those of ZooDefs.OpCode. */
public sealed interface Change {

  /** Writes type and record. */
  void write(ByteArrayDataOutput out);

  /**
   * Reads type and record.
   *
   * @throws IllegalStateException if the type is none of these
   */
  static Change read(ByteArrayDataInput in) {
    int type = in.readInt();
    return switch (type) {
      case NewNode.TYPE -> new NewNode(Jute.readString(in), Jute.readBuffer(in), in.readLong());
      case NoNode.TYPE -> new NoNode(Jute.readString(in));
      case NewSession.TYPE -> new NewSession(in.readInt());
      case NoSession.TYPE -> new NoSession();
      case Refusal.TYPE -> new Refusal(ErrorCode.of(in.readInt()));
      default -> throw new IllegalStateException("no transaction has the type " + type);
    };
  }

  /**
   * A node is created.
   *
   * @param owner the session that it ends with; 0 if it stays
   */
  record NewNode(String path, Bytes data, long owner) implements Change {
    private static final int TYPE = 1;

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
      Jute.writeString(out, path);
      Jute.writeBuffer(out, data);
      out.writeLong(owner);
    }
  }

  /** A node is deleted. */
  record NoNode(String path) implements Change {
    private static final int TYPE = 2;

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
      Jute.writeString(out, path);
    }
  }

  /** A session begins. */
  record NewSession(int timeoutMillis) implements Change {
    private static final int TYPE = -10;

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
      out.writeInt(timeoutMillis);
    }
  }

  /** A session ends, and its nodes are deleted. */
  record NoSession() implements Change {
    private static final int TYPE = -11;

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
    }
  }

  /** Nothing changes; the client is told why. */
  record Refusal(ErrorCode error) implements Change {
    private static final int TYPE = -1;

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
      out.writeInt(error.code());
    }
  }
}
