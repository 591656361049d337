package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.sidecarsim.net.Bytes;
import java.util.Optional;

/** What a client asks for; the numbers are those of ZooDefs.OpCode. */
public sealed interface Operation {

  /** The xid of a ping. */
  int PING_XID = -2;

  /** ZooDefs.OpCode. */
  int code();

  /** What cons calls it (FinalRequestProcessor). */
  String shortName();

  /** Writes the record that stands behind the header. */
  void write(ByteArrayDataOutput out);

  /** Whether it is a transaction, which all servers must know of. */
  default boolean changes() {
    return true;
  }

  /** Header and record. */
  default Bytes encode(int xid) {
    return Jute.record(
        out -> {
          out.writeInt(xid);
          out.writeInt(code());
          write(out);
        });
  }

  /**
   * Reads a record of a type; empty if that is not modelled.
   *
   * @throws IllegalStateException if the record is too short
   */
  static Optional<Operation> read(int code, ByteArrayDataInput in) {
    return Optional.ofNullable(
        switch (code) {
          case Create.CODE -> Create.read(in);
          case Delete.CODE -> new Delete(Jute.readString(in));
          case Exists.CODE -> new Exists(Jute.readString(in), in.readBoolean());
          case GetData.CODE -> new GetData(Jute.readString(in), in.readBoolean());
          case GetChildren.CODE -> new GetChildren(Jute.readString(in), in.readBoolean());
          case Ping.CODE -> new Ping();
          case CreateSession.CODE -> new CreateSession(in.readInt());
          case CloseSession.CODE -> new CloseSession();
          default -> null;
        });
  }

  /** A new node. */
  record Create(String path, Bytes data, boolean ephemeral, boolean sequential)
      implements Operation {

    private static final int CODE = 1;
    private static final int EPHEMERAL = 1;
    private static final int SEQUENTIAL = 2;

    /** ZooDefs.Perms.ALL. */
    private static final int ALL = 31;

    @Override
    public int code() {
      return CODE;
    }

    @Override
    public String shortName() {
      return "CREA";
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path);
      Jute.writeBuffer(out, data);
      out.writeInt(1);
      out.writeInt(ALL);
      Jute.writeString(out, "world");
      Jute.writeString(out, "anyone");
      out.writeInt((ephemeral ? EPHEMERAL : 0) | (sequential ? SEQUENTIAL : 0));
    }

    private static Create read(ByteArrayDataInput in) {
      String path = Jute.readString(in);
      Bytes data = Jute.readBuffer(in);
      for (int acls = in.readInt(); acls > 0; acls--) {
        in.readInt();
        Jute.readString(in);
        Jute.readString(in);
      }
      int flags = in.readInt();
      return new Create(path, data, (flags & EPHEMERAL) != 0, (flags & SEQUENTIAL) != 0);
    }
  }

  /** Whatever version the node has. */
  record Delete(String path) implements Operation {
    private static final int CODE = 2;

    @Override
    public int code() {
      return CODE;
    }

    @Override
    public String shortName() {
      return "DELE";
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path);
      out.writeInt(-1);
    }
  }

  /** An operation that reads one path, and may leave a watch there. */
  sealed interface Read extends Operation permits Exists, GetData, GetChildren {
    String path();

    boolean watch();

    @Override
    default boolean changes() {
      return false;
    }

    @Override
    default void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path());
      out.writeBoolean(watch());
    }
  }

  /** The status of a node. */
  record Exists(String path, boolean watch) implements Read {
    private static final int CODE = 3;

    @Override
    public int code() {
      return CODE;
    }

    @Override
    public String shortName() {
      return "EXIS";
    }
  }

  /** The data of a node. */
  record GetData(String path, boolean watch) implements Read {
    private static final int CODE = 4;

    @Override
    public int code() {
      return CODE;
    }

    @Override
    public String shortName() {
      return "GETD";
    }
  }

  /** The names of a node's children. */
  record GetChildren(String path, boolean watch) implements Read {
    private static final int CODE = 8;

    @Override
    public int code() {
      return CODE;
    }

    @Override
    public String shortName() {
      return "GETC";
    }
  }

  /** Keeps the session. */
  record Ping() implements Operation {
    private static final int CODE = 11;

    @Override
    public int code() {
      return CODE;
    }

    @Override
    public String shortName() {
      return "PING";
    }

    @Override
    public boolean changes() {
      return false;
    }

    @Override
    public void write(ByteArrayDataOutput out) {}
  }

  /** Never sent by a client: what a server makes of its first record. */
  record CreateSession(int timeoutMillis) implements Operation {
    private static final int CODE = -10;

    @Override
    public int code() {
      return CODE;
    }

    @Override
    public String shortName() {
      return "SESS";
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      out.writeInt(timeoutMillis);
    }
  }

  /** Ends the session, and with it its ephemeral nodes. */
  record CloseSession() implements Operation {
    private static final int CODE = -11;

    @Override
    public int code() {
      return CODE;
    }

    @Override
    public String shortName() {
      return "CLOS";
    }

    @Override
    public void write(ByteArrayDataOutput out) {}
  }
}
