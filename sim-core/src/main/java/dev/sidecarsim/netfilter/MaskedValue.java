package dev.sidecarsim.netfilter;

/** A 32-bit value and a mask, written {@code 0x1} or {@code 0x1/0xff}. */
record MaskedValue(int value, int mask) {

  static MaskedValue parse(String owner, String option, String text) {
    int slash = text.indexOf('/');
    String value = slash < 0 ? text : text.substring(0, slash);
    int mask =
        slash < 0
            ? -1
            : (int) Numbers.parse(owner, option, text.substring(slash + 1), 0, Numbers.U32);
    return new MaskedValue((int) Numbers.parse(owner, option, value, 0, Numbers.U32), mask);
  }

  boolean matches(int bits) {
    return (bits & mask) == value;
  }

  @Override
  public String toString() {
    return Numbers.hex(value) + (mask == -1 ? "" : "/" + Numbers.hex(mask));
  }
}
