package dev.sidecarsim.app.zookeeper;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * What a client asks of the leader.
 *
 * @param cxid the number that the client gave it
 * @param client the address that the client's connection comes from, as its server sees it
 */
record Wish(long session, int cxid, IpAddress client, Operation operation) {

  /** The record of a REQUEST packet, whose authinfo is the client's address. */
  Bytes encode() {
    return Jute.record(
        out -> {
          out.writeLong(session);
          out.writeInt(cxid);
          Jute.writeString(out, client.toString());
          out.writeInt(operation.code().number());
          operation.write(out);
        });
  }

  /** Empty if the operation is not modelled. */
  static Optional<Wish> decode(ByteArrayDataInput in) {
    long session = in.readLong();
    int cxid = in.readInt();
    IpAddress client = IpAddress.of(Jute.readString(in));
    return Operation.read(in.readInt(), in)
        .map(operation -> new Wish(session, cxid, client, operation));
  }
}
