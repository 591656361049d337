package dev.sidecarsim.app.zookeeper.wire;

import dev.sidecarsim.app.Framing;
import dev.sidecarsim.net.Bytes;
import java.nio.ByteBuffer;

/** Records behind their length. */
public final class ClientFrames implements Framing<Bytes> {

  /** jute.maxbuffer: a longer record is refused. */
  public static final int LONGEST = 0xfffff;

  private static final int HEAD = 4;

  @Override
  public Bytes encode(Bytes message) {
    return Bytes.of(ByteBuffer.allocate(HEAD).putInt(message.size()).array()).plus(message);
  }

  @Override
  public Decoded<Bytes> decode(Bytes waiting) {
    if (waiting.size() < HEAD) {
      return new Decoded.Partial<>();
    }
    int length = ByteBuffer.wrap(waiting.slice(0, HEAD).toByteArray()).getInt();
    if (length < 0 || length > LONGEST) {
      return new Decoded.Garbage<>();
    }
    int whole = HEAD + length;
    return waiting.size() < whole
        ? new Decoded.Partial<>()
        : new Decoded.Whole<>(waiting.slice(HEAD, whole), whole);
  }
}
