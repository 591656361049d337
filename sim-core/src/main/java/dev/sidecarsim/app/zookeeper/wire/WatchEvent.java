package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.net.Bytes;

/** What a server tells a client that watches a path, once. */
public record WatchEvent(Type type, String path) {

  /** The xid of a reply that is none. */
  public static final int XID = -1;

  /** KeeperState.SyncConnected. */
  private static final int CONNECTED = 3;

  private static final int HEAD = 16;

  /** EventType, in the order of its numbers. */
  public enum Type {
    CREATED,
    DELETED,
    DATA_CHANGED,
    CHILDREN_CHANGED
  }

  /** The whole reply. */
  public Bytes encode() {
    Bytes body =
        Jute.record(
            out -> {
              out.writeInt(type.ordinal() + 1);
              out.writeInt(CONNECTED);
              Jute.writeString(out, path);
            });
    return new Reply(XID, -1, ErrorCode.OK, body).encode();
  }

  public static WatchEvent decode(Bytes record) {
    ByteArrayDataInput in = Jute.reader(record.from(HEAD));
    int type = in.readInt();
    in.readInt();
    return new WatchEvent(Type.values()[type - 1], Jute.readString(in));
  }
}
