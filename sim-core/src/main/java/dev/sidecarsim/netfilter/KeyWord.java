package dev.sidecarsim.netfilter;

/**
 * The words of a packet's key: what rules look at, each as one unsigned number of 32 bits.
 *
 * <p>An address of IPv6 stands there by the number of its interval, as {@link PacketKeys} counts.
 */
enum KeyWord {
  SOURCE(0),
  DESTINATION(0),
  PROTOCOL(256),
  SOURCE_PORT(65_536),
  DESTINATION_PORT(65_536),
  TCP_FLAGS(64),
  /** 0 without an ICMP header, else one more than type and code. */
  ICMP(65_537),
  /** The number that {@link DeviceNames} gives the name. */
  IN(0),
  OUT(0),
  /** {@link #NO_SOCKET} if no socket sent the packet. */
  UID(0),
  GID(0),
  MARK(0),
  /** What {@link CtStates#code} says. */
  CONNECTION_STATE(CtStates.CODES),
  CONNECTION_MARK(0),
  TTL(256),
  TOS(256);

  /** An id that no socket can have (the kernel's INVALID_UID). */
  static final int NO_SOCKET = -1;

  private final int limit;

  KeyWord(int limit) {
    this.limit = limit;
  }

  /** The number of values that occur; 0 if all 2³² do. */
  int limit() {
    return limit;
  }

  /** Its place in a key. */
  @SuppressWarnings("EnumOrdinal") // the order above is the order in the key
  int place() {
    return ordinal();
  }

  /** Its bit in a set of words. */
  int bit() {
    return 1 << place();
  }
}
