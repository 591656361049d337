package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.net.Bytes;

/**
 * The first record of a client.
 *
 * @param lastZxid the last transaction that the client has heard of
 * @param timeoutMillis the time-out that it wishes for its session
 * @param session to go on with; 0 for a new one
 */
public record ConnectRequest(long lastZxid, int timeoutMillis, long session) {

  public Bytes encode() {
    return Jute.record(
        out -> {
          out.writeInt(0);
          out.writeLong(lastZxid);
          out.writeInt(timeoutMillis);
          out.writeLong(session);
          Jute.writeBuffer(out, ConnectResponse.PASSWORD);
          out.writeBoolean(false);
        });
  }

  public static ConnectRequest decode(Bytes record) {
    ByteArrayDataInput in = Jute.reader(record);
    in.readInt();
    return new ConnectRequest(in.readLong(), in.readInt(), in.readLong());
  }
}
