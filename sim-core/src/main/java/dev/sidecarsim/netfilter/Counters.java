package dev.sidecarsim.netfilter;

/** Packets and bytes, as {@code [3:180]} prints them. */
public record Counters(long packets, long bytes) {

  static final Counters ZERO = new Counters(0, 0);

  @Override
  public String toString() {
    return "[" + packets + ":" + bytes + "]";
  }
}
