package dev.sidecarsim.app;

import dev.sidecarsim.net.Bytes;

/**
 * How a protocol puts messages into a stream of bytes.
 *
 * @param <M> a message
 */
public interface Framing<M> {

  Bytes encode(M message);

  /** Reads the first message of what has come so far. */
  Decoded<M> decode(Bytes waiting);

  /** What stands at the front of the bytes that wait. */
  sealed interface Decoded<M> {

    /**
     * A message.
     *
     * @param length how many bytes it takes
     */
    record Whole<M>(M message, int length) implements Decoded<M> {}

    /** The beginning of one. */
    record Partial<M>() implements Decoded<M> {}

    /** No message of this protocol. */
    record Garbage<M>() implements Decoded<M> {}
  }
}
