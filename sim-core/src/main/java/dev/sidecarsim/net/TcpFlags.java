package dev.sidecarsim.net;

/**
 * The flags of a TCP segment.
 *
 * @param bits as in the header: FIN is bit 0, URG bit 5
 */
public record TcpFlags(int bits) {

  private static final String LETTERS = "FSRPAU";

  public static final TcpFlags NONE = new TcpFlags(0);
  public static final TcpFlags FIN = new TcpFlags(1);
  public static final TcpFlags SYN = new TcpFlags(2);
  public static final TcpFlags RST = new TcpFlags(4);
  public static final TcpFlags PSH = new TcpFlags(8);
  public static final TcpFlags ACK = new TcpFlags(16);
  public static final TcpFlags URG = new TcpFlags(32);
  public static final TcpFlags SYN_ACK = new TcpFlags(18);
  public static final TcpFlags FIN_ACK = new TcpFlags(17);
  public static final TcpFlags RST_ACK = new TcpFlags(20);
  public static final TcpFlags PSH_ACK = new TcpFlags(24);

  public TcpFlags {
    if (bits < 0 || bits > 63) {
      throw new IllegalArgumentException("six flags are a number from 0 to 63, not " + bits);
    }
  }

  /**
   * Reads letters of FSRPAU, such as {@code SA} for a SYN-ACK; empty for no flag.
   *
   * @throws IllegalArgumentException at any other letter
   */
  public static TcpFlags of(String letters) {
    int bits = 0;
    for (int i = 0; i < letters.length(); i++) {
      int bit = LETTERS.indexOf(letters.charAt(i));
      if (bit < 0) {
        throw new IllegalArgumentException(
            "'" + letters + "' are no TCP flags; write letters of " + LETTERS);
      }
      bits |= 1 << bit;
    }
    return new TcpFlags(bits);
  }

  public boolean syn() {
    return (bits & 2) != 0;
  }

  public boolean ack() {
    return (bits & 16) != 0;
  }

  public boolean fin() {
    return (bits & 1) != 0;
  }

  public boolean rst() {
    return (bits & 4) != 0;
  }

  /** Whether this opens a connection: SYN without ACK. */
  public boolean opens() {
    return (bits & 18) == 2;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < LETTERS.length(); i++) {
      if ((bits & 1 << i) != 0) {
        out.append(LETTERS.charAt(i));
      }
    }
    return out.toString();
  }
}
