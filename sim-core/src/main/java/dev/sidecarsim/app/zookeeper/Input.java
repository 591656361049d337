package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.net.Bytes;
import java.nio.ByteBuffer;

/** Bytes that came so far, read from the front once enough of them are there. */
final class Input {

  private Bytes waiting = Bytes.EMPTY;

  void add(Bytes data) {
    waiting = waiting.plus(data);
  }

  boolean has(int count) {
    return waiting.size() >= count;
  }

  int size() {
    return waiting.size();
  }

  int peekInt(int at) {
    return ByteBuffer.wrap(waiting.toByteArray()).getInt(at);
  }

  long peekLong(int at) {
    return ByteBuffer.wrap(waiting.toByteArray()).getLong(at);
  }

  Bytes take(int count) {
    Bytes taken = waiting.slice(0, count);
    waiting = waiting.from(count);
    return taken;
  }

  Bytes peek(int from, int to) {
    return waiting.slice(from, to);
  }
}
