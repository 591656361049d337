package dev.sidecarsim.netfilter;

/** Packets and bytes, as {@code [3:180]} prints them. */
public record Counters(long packets, long bytes) {

  static final Counters ZERO = new Counters(0, 0);

  /** Reads two numbers in C's notation as strtoull() does: what is no number counts as 0. */
  static Counters parse(String packets, String bytes) {
    return new Counters(Numbers.leading(packets), Numbers.leading(bytes));
  }

  @Override
  public String toString() {
    return "[" + packets + ":" + bytes + "]";
  }
}
