package dev.sidecarsim.netfilter;

/** Limits by bytes, {@code 512kb/s}, as libxt_hashlimit.c keeps them. */
final class ByteRate {

  /** How long entries live (XT_HASHLIMIT_BYTE_EXPIRE and with a burst), in milliseconds. */
  static final long EXPIRE = 15_000;

  static final long BURST = 60_000;

  /** XT_HASHLIMIT_BYTE_SHIFT: bytes are counted by 16. */
  private static final int SHIFT = 4;

  private ByteRate() {}

  /** What a byte costs at a rate; 0 if the text is no rate of bytes. */
  static long cost(String text) {
    int unit = text.indexOf("b/s");
    long count = unit <= 0 ? 0 : Numbers.leading(text);
    if (count == 0) {
      return 0;
    }
    long cost = costOf(count * factor(text.charAt(unit - 1)));
    if (cost == 0) {
      throw new BadRule("hashlimit: the rate " + text + " is too high");
    }
    return cost;
  }

  private static long costOf(long bytes) {
    return Long.divideUnsigned(Numbers.U32, ((bytes >>> SHIFT) & Numbers.U32) + 1);
  }

  /** Bytes of a unit at a cost. */
  static long bytes(long cost) {
    return (Numbers.U32 / cost - 1) << SHIFT;
  }

  static long factor(char unit) {
    return switch (unit) {
      case 'm' -> 1024 * 1024;
      case 'k' -> 1024;
      default -> 1;
    };
  }

  /** As iptables-save prints it. */
  static String text(long cost, long burst) {
    long bytes = bytes(cost);
    char unit = 'm';
    while (unit != ' ' && !fits(bytes, factor(unit), cost)) {
      unit = unit == 'm' ? 'k' : ' ';
    }
    String text = named(bytes, unit) + "/s";
    if (burst == 0) {
      return text;
    }
    long all = bytes * burst;
    char burstUnit = all >= factor('m') ? 'm' : all >= factor('k') ? 'k' : ' ';
    return text + " --hashlimit-burst " + named(all, burstUnit);
  }

  /** The tool masks with 32 bits only, so that rates above show their bytes. */
  private static boolean fits(long bytes, long factor, long cost) {
    return bytes >= factor && costOf(bytes & -factor & Numbers.U32) == cost;
  }

  private static String named(long bytes, char unit) {
    return bytes / factor(unit) + (unit == ' ' ? "" : String.valueOf(unit)) + "b";
  }
}
