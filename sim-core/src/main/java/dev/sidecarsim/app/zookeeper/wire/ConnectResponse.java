package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.net.Bytes;

/**
 * The first record of a server.
 *
 * @param timeoutMillis what the session got; 0 if it is over
 */
public record ConnectResponse(int timeoutMillis, long session) {

  static final Bytes PASSWORD = Bytes.of(new byte[16]);

  /** What a client is told whose session has expired. */
  public static final ConnectResponse EXPIRED = new ConnectResponse(0, 0);

  public Bytes encode() {
    return Jute.record(
        out -> {
          out.writeInt(0);
          out.writeInt(timeoutMillis);
          out.writeLong(session);
          Jute.writeBuffer(out, PASSWORD);
          out.writeBoolean(false);
        });
  }

  public static ConnectResponse decode(Bytes record) {
    ByteArrayDataInput in = Jute.reader(record);
    in.readInt();
    return new ConnectResponse(in.readInt(), in.readLong());
  }
}
