package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/** What stands before each part of a transaction of several, and of its answer. */
public final class MultiHeader {

  private static final int END = -1;

  private MultiHeader() {}

  /** Before a part of this type. */
  public static void write(ByteArrayDataOutput out, int type, int error) {
    out.writeInt(type);
    out.writeBoolean(false);
    out.writeInt(error);
  }

  /** Behind the last part. */
  public static void writeEnd(ByteArrayDataOutput out) {
    out.writeInt(END);
    out.writeBoolean(true);
    out.writeInt(END);
  }

  /** The type of the next part; below 0 behind the last one, or for an error. */
  static int read(ByteArrayDataInput in) {
    int type = in.readInt();
    in.readBoolean();
    in.readInt();
    return type;
  }
}
