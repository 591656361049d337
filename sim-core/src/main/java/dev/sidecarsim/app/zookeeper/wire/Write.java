package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.sidecarsim.net.Bytes;

/** An operation that changes the node of a path, and may be one of several that go together. */
public sealed interface Write extends Operation {

  /** The version of a node that may have any. */
  int ANY = -1;

  String path();

  /** Reads a record of one of these types. */
  static Write read(OpCode code, ByteArrayDataInput in) {
    String path = Jute.readString(in);
    return switch (code) {
      case DELETE -> new Delete(path, in.readInt());
      case SET_DATA -> new SetData(path, Jute.readBuffer(in), in.readInt());
      case SET_ACL -> new SetAcl(path, Acl.read(in), in.readInt());
      case CHECK -> new Check(path, in.readInt());
      default ->
          new Create(path, Jute.readBuffer(in), Acl.read(in), in.readInt(), code != OpCode.CREATE);
    };
  }

  /**
   * A new node.
   *
   * @param flags of CreateMode: 1 for a node that ends with its session, 2 for one with a number
   * @param withStat whether the answer has the node's status, too
   */
  record Create(String path, Bytes data, ImmutableList<Acl> acl, int flags, boolean withStat)
      implements Write {

    private static final int EPHEMERAL = 1;
    private static final int SEQUENTIAL = 2;

    /** With rights for everybody. */
    public Create(String path, Bytes data, boolean ephemeral, boolean sequential) {
      this(
          path, data, Acl.OPEN, (ephemeral ? EPHEMERAL : 0) | (sequential ? SEQUENTIAL : 0), false);
    }

    /** Whether it is no container, and has no time to live. */
    public boolean plain() {
      return (flags & ~(EPHEMERAL | SEQUENTIAL)) == 0;
    }

    public boolean ephemeral() {
      return (flags & EPHEMERAL) != 0;
    }

    public boolean sequential() {
      return (flags & SEQUENTIAL) != 0;
    }

    @Override
    public OpCode code() {
      return withStat ? OpCode.CREATE_2 : OpCode.CREATE;
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path);
      Jute.writeBuffer(out, data);
      Acl.write(out, acl);
      out.writeInt(flags);
    }
  }

  /** A node of this version ends. */
  record Delete(String path, int version) implements Write {

    /** Of any version. */
    public Delete(String path) {
      this(path, ANY);
    }

    @Override
    public OpCode code() {
      return OpCode.DELETE;
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path);
      out.writeInt(version);
    }
  }

  /** A node of this version gets other data. */
  record SetData(String path, Bytes data, int version) implements Write {

    @Override
    public OpCode code() {
      return OpCode.SET_DATA;
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path);
      Jute.writeBuffer(out, data);
      out.writeInt(version);
    }
  }

  /** A node whose rights are of this version gets others. */
  record SetAcl(String path, ImmutableList<Acl> acl, int version) implements Write {

    @Override
    public OpCode code() {
      return OpCode.SET_ACL;
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path);
      Acl.write(out, acl);
      out.writeInt(version);
    }
  }

  /** A node must have this version; only among several that go together. */
  record Check(String path, int version) implements Write {

    @Override
    public OpCode code() {
      return OpCode.CHECK;
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path);
      out.writeInt(version);
    }
  }
}
