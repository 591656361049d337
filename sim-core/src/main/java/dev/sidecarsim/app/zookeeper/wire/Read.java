package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/** An operation that reads one path, and may leave a watch there. */
public sealed interface Read extends Operation {

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

  /** Reads a record of one of these types. */
  static Read read(OpCode code, ByteArrayDataInput in) {
    String path = Jute.readString(in);
    return switch (code) {
      case GET_ACL -> new GetAcl(path);
      case EXISTS -> new Exists(path, in.readBoolean());
      case GET_DATA -> new GetData(path, in.readBoolean());
      default -> new GetChildren(path, in.readBoolean(), code == OpCode.GET_CHILDREN_2);
    };
  }

  /** The status of a node. */
  record Exists(String path, boolean watch) implements Read {
    @Override
    public OpCode code() {
      return OpCode.EXISTS;
    }
  }

  /** The data of a node. */
  record GetData(String path, boolean watch) implements Read {
    @Override
    public OpCode code() {
      return OpCode.GET_DATA;
    }
  }

  /**
   * The names of a node's children.
   *
   * @param withStat whether the answer has the node's status, too
   */
  record GetChildren(String path, boolean watch, boolean withStat) implements Read {

    /** The names only. */
    public GetChildren(String path, boolean watch) {
      this(path, watch, false);
    }

    @Override
    public OpCode code() {
      return withStat ? OpCode.GET_CHILDREN_2 : OpCode.GET_CHILDREN;
    }
  }

  /** The rights of a node, and its status. */
  record GetAcl(String path) implements Read {

    @Override
    public boolean watch() {
      return false;
    }

    @Override
    public OpCode code() {
      return OpCode.GET_ACL;
    }

    @Override
    public void write(ByteArrayDataOutput out) {
      Jute.writeString(out, path);
    }
  }
}
