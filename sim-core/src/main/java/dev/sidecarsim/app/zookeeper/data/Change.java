package dev.sidecarsim.app.zookeeper.data;

import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.sidecarsim.app.zookeeper.wire.Acl;
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
      case NewNode.TYPE ->
          new NewNode(Jute.readString(in), Jute.readBuffer(in), Acl.read(in), in.readLong());
      case NoNode.TYPE -> new NoNode(Jute.readString(in));
      case NewData.TYPE -> new NewData(Jute.readString(in), Jute.readBuffer(in), in.readInt());
      case NewAcl.TYPE -> new NewAcl(Jute.readString(in), Acl.read(in), in.readInt());
      case Checked.TYPE -> new Checked(Jute.readString(in));
      case Several.TYPE -> Several.read(in);
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
  record NewNode(String path, Bytes data, ImmutableList<Acl> acl, long owner) implements Change {
    private static final int TYPE = 1;

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
      Jute.writeString(out, path);
      Jute.writeBuffer(out, data);
      Acl.write(out, acl);
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

  /** A node gets other data, and this version. */
  record NewData(String path, Bytes data, int version) implements Change {
    private static final int TYPE = 5;

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
      Jute.writeString(out, path);
      Jute.writeBuffer(out, data);
      out.writeInt(version);
    }
  }

  /** A node gets other rights, and they this version. */
  record NewAcl(String path, ImmutableList<Acl> acl, int version) implements Change {
    private static final int TYPE = 7;

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
      Jute.writeString(out, path);
      Acl.write(out, acl);
      out.writeInt(version);
    }
  }

  /** Nothing changes: the version was right. */
  record Checked(String path) implements Change {
    private static final int TYPE = 13;

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
      Jute.writeString(out, path);
    }
  }

  /** One after the other; nothing changes, if one of them is a refusal. */
  record Several(ImmutableList<Change> parts) implements Change {
    private static final int TYPE = 14;

    /** Whether one of them may not be, so that none is made. */
    public boolean refused() {
      return parts.stream().anyMatch(Refusal.class::isInstance);
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(TYPE);
      out.writeInt(parts.size());
      parts.forEach(part -> part.write(out));
    }

    private static Several read(ByteArrayDataInput in) {
      ImmutableList.Builder<Change> parts = ImmutableList.builder();
      for (int left = in.readInt(); left > 0; left--) {
        parts.add(Change.read(in));
      }
      return new Several(parts.build());
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
