package dev.sidecarsim.app;

import dev.sidecarsim.net.Bytes;
import java.nio.ByteBuffer;

/**
 * Messages of text behind a protocol's own first bytes and a length of four bytes.
 *
 * <p>The first bytes are what a protocol detector and a program of another protocol see; what
 * follows is text, since nobody but the two ends reads it.
 *
 * @param magic the first bytes of each message
 */
public record TextFrames(Bytes magic) implements Framing<String> {

  /** No message is longer. */
  private static final int LONGEST = 1 << 20;

  @Override
  public Bytes encode(String message) {
    Bytes body = Bytes.of(message);
    return magic.plus(Bytes.of(ByteBuffer.allocate(4).putInt(body.size()).array())).plus(body);
  }

  @Override
  public Decoded<String> decode(Bytes waiting) {
    int header = magic.size() + 4;
    int known = Math.min(magic.size(), waiting.size());
    if (!waiting.slice(0, known).equals(magic.slice(0, known))) {
      return new Decoded.Garbage<>();
    }
    if (waiting.size() < header) {
      return new Decoded.Partial<>();
    }
    int length = ByteBuffer.wrap(waiting.slice(magic.size(), header).toByteArray()).getInt();
    if (length < 0 || length > LONGEST) {
      return new Decoded.Garbage<>();
    }
    return waiting.size() < header + length
        ? new Decoded.Partial<>()
        : new Decoded.Whole<>(waiting.slice(header, header + length).text(), header + length);
  }
}
