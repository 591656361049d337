package dev.sidecarsim.app.redis;

import com.google.common.base.Splitter;
import dev.sidecarsim.net.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Hash slots. */
final class Slots {

  static final int COUNT = 16_384;

  private Slots() {}

  /** The slot of a key: CRC-16/XMODEM, of what stands between braces if anything does. */
  static int of(String key) {
    int open = key.indexOf('{');
    int close = open < 0 ? -1 : key.indexOf('}', open);
    Bytes hashed = Bytes.of(close > open + 1 ? key.substring(open + 1, close) : key);
    int crc = 0;
    for (int i = 0; i < hashed.size(); i++) {
      crc ^= hashed.at(i) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
      }
      crc &= 0xffff;
    }
    return crc % COUNT;
  }

  /** Ranges such as {@code 0-5460 6000}. */
  static String print(BitSet slots) {
    List<String> ranges = new ArrayList<>();
    int from = slots.nextSetBit(0);
    while (from >= 0) {
      int end = slots.nextClearBit(from);
      ranges.add(end - 1 == from ? Integer.toString(from) : from + "-" + (end - 1));
      from = slots.nextSetBit(end);
    }
    return String.join(" ", ranges);
  }

  /** Reads ranges. */
  static BitSet read(String text) {
    BitSet slots = new BitSet();
    for (String range : Splitter.on(' ').omitEmptyStrings().split(text)) {
      int dash = range.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(range.substring(dash + 1));
      slots.set(from, to + 1);
    }
    return slots;
  }
}
