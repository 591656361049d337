package dev.sidecarsim.app.zookeeper.data;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.net.Bytes;

/**
 * A transaction.
 *
 * @param session whose wish it was
 * @param cxid the number that the client gave its wish; 0 for one that no client waits for
 */
public record Txn(long session, int cxid, long zxid, Change change) {

  /** TxnHeader, then the change's own record. */
  public Bytes encode() {
    return Jute.record(
        out -> {
          out.writeLong(session);
          out.writeInt(cxid);
          out.writeLong(zxid);
          out.writeLong(0);
          change.write(out);
        });
  }

  /**
   * Reads a transaction.
   *
   * @throws IllegalStateException if the bytes are none
   */
  public static Txn decode(Bytes record) {
    ByteArrayDataInput in = Jute.reader(record);
    long session = in.readLong();
    int cxid = in.readInt();
    long zxid = in.readLong();
    in.readLong();
    return new Txn(session, cxid, zxid, Change.read(in));
  }
}
