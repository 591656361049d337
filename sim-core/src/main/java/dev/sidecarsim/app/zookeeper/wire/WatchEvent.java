package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.net.Bytes;
import java.util.Arrays;

/** What a server tells a client that watches a path, once. */
public record WatchEvent(Type type, String path) {

  /** The xid of a reply that is none. */
  public static final int XID = -1;

  /** KeeperState.SyncConnected. */
  private static final int CONNECTED = 3;

  private static final int HEAD = 16;

  /** EventType and its numbers. */
  public enum Type {
    CREATED(1),
    DELETED(2),
    DATA_CHANGED(3),
    CHILDREN_CHANGED(4);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    private static Type of(int number) {
      return Arrays.stream(values())
          .filter(type -> type.number == number)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no event has the type " + number));
    }
  }

  /** The whole reply. */
  public Bytes encode() {
    Bytes body =
        Jute.record(
            out -> {
              out.writeInt(type.number);
              out.writeInt(CONNECTED);
              Jute.writeString(out, path);
            });
    return new Reply(XID, -1, ErrorCode.OK, body).encode();
  }

  public static WatchEvent decode(Bytes record) {
    ByteArrayDataInput in = Jute.reader(record.from(HEAD));
    int type = in.readInt();
    in.readInt();
    return new WatchEvent(Type.of(type), Jute.readString(in));
  }
}
