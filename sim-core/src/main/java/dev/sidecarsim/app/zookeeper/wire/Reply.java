package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.net.Bytes;
import java.util.List;

/**
 * What a server answers to an operation.
 *
 * @param zxid the last transaction that the server has seen
 * @param body empty for an error
 */
public record Reply(int xid, long zxid, ErrorCode error, Bytes body) {

  public Bytes encode() {
    return Jute.record(
        out -> {
          out.writeInt(xid);
          out.writeLong(zxid);
          out.writeInt(error.code());
          out.write(body.toByteArray());
        });
  }

  public static Reply decode(Bytes record) {
    ByteArrayDataInput in = Jute.reader(record);
    return new Reply(in.readInt(), in.readLong(), ErrorCode.of(in.readInt()), record.from(16));
  }

  public boolean ok() {
    return error == ErrorCode.OK;
  }

  // ---- bodies

  public static Bytes ofPath(String path) {
    return Jute.record(out -> Jute.writeString(out, path));
  }

  public static Bytes ofChildren(List<String> names) {
    return Jute.record(out -> Jute.writeStrings(out, names));
  }

  /** The data of a node, then its status. */
  public static Bytes ofData(Bytes data, Bytes stat) {
    return Jute.record(out -> Jute.writeBuffer(out, data)).plus(stat);
  }

  /** The path that was created. */
  public String path() {
    return Jute.readString(Jute.reader(body));
  }

  /** The names of children. */
  public ImmutableList<String> children() {
    return Jute.readStrings(Jute.reader(body));
  }

  /** The data of a node. */
  public Bytes data() {
    return Jute.readBuffer(Jute.reader(body));
  }
}
