package dev.sidecarsim.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** Messages to and from the kernel's nfnetlink (linux/netfilter/nfnetlink*.h). */
final class Netlink {

  private static final int REQUEST = 1;
  private static final int ACK = 4;
  private static final int EXCLUSIVE = 0x200;
  private static final int CREATE = 0x400;
  private static final int NESTED = 0x8000;
  private static final int HEADER = 20;

  private static final int CONNTRACK = 1;
  private static final int LOG = 4;

  private final ByteBuffer out = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());

  private Netlink(int subsystem, int message, int flags, int family) {
    out.putInt(0).putShort((short) (subsystem << 8 | message)).putShort((short) flags);
    out.putInt(1).putInt(0).put((byte) family).put((byte) 0).putShort((short) 0);
  }

  /** Forgets all connections. */
  static String flush() {
    return new Netlink(CONNTRACK, 2, REQUEST | ACK, 0).hex();
  }

  /** Begins a request for a new connection. */
  static Netlink newConnection(int family) {
    return new Netlink(CONNTRACK, 0, REQUEST | ACK | CREATE | EXCLUSIVE, family);
  }

  /** Makes nfnetlink_log the one that TRACE speaks to. */
  static String logFamily(int family) {
    return new Netlink(LOG, 1, REQUEST | ACK, family).bytes(1, new byte[] {3}).hex();
  }

  /** Asks for group 0: NFULNL_CFG_CMD_BIND. */
  static String joinLog() {
    return new Netlink(LOG, 1, REQUEST | ACK, 0).bytes(1, new byte[] {1}).hex();
  }

  /** Whole packets, one a message. */
  static String configureLog() {
    byte[] copyPackets = {0, 0, (byte) 0xff, (byte) 0xff, 2, 0};
    return new Netlink(LOG, 1, REQUEST | ACK, 0).bytes(2, copyPackets).number(5, 1).hex();
  }

  Netlink bytes(int type, byte[] value) {
    out.putShort((short) (4 + value.length)).putShort((short) type).put(value);
    while (out.position() % 4 != 0) {
      out.put((byte) 0);
    }
    return this;
  }

  Netlink octet(int type, int value) {
    return bytes(type, new byte[] {(byte) value});
  }

  Netlink port(int type, int value) {
    return bytes(type, new byte[] {(byte) (value >> 8), (byte) value});
  }

  Netlink number(int type, int value) {
    return bytes(type, ByteBuffer.allocate(4).putInt(value).array());
  }

  /** Opens a nested attribute; close it with {@link #end}. */
  int begin(int type) {
    int at = out.position();
    out.putShort((short) 0).putShort((short) (type | NESTED));
    return at;
  }

  void end(int at) {
    out.putShort(at, (short) (out.position() - at));
  }

  String hex() {
    out.putInt(0, out.position());
    return HexFormat.of().formatHex(out.array(), 0, out.position());
  }

  /** The attributes of a message that came. */
  static Map<Integer, ByteBuffer> attributes(byte[] message) {
    Map<Integer, ByteBuffer> found = new HashMap<>();
    ByteBuffer in = ByteBuffer.wrap(message, HEADER, message.length - HEADER).slice();
    in.order(ByteOrder.nativeOrder());
    while (in.remaining() >= 4) {
      int start = in.position();
      int length = in.getShort() & 0xffff;
      int type = in.getShort() & 0x3fff;
      found.put(type, in.slice(start + 4, length - 4));
      in.position(Math.min(in.limit(), start + (length + 3) / 4 * 4));
    }
    return found;
  }
}
