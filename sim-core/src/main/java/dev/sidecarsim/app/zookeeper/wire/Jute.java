package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.sidecarsim.net.Bytes;
import java.util.List;
import java.util.function.Consumer;

/**
 * Jute's binary archives: numbers with the high byte first; strings, buffers and vectors behind
 * their length.
 *
 * <p>A read past the end is an {@link IllegalStateException}, as guava's inputs have it.
 */
public final class Jute {

  private Jute() {}

  /** Bytes that are written in some order. */
  public static Bytes record(Consumer<ByteArrayDataOutput> writer) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    writer.accept(out);
    return Bytes.of(out.toByteArray());
  }

  public static ByteArrayDataInput reader(Bytes record) {
    return ByteStreams.newDataInput(record.toByteArray());
  }

  public static void writeBuffer(ByteArrayDataOutput out, Bytes buffer) {
    out.writeInt(buffer.size());
    out.write(buffer.toByteArray());
  }

  /** A buffer; an absent one, of length -1, is empty. */
  public static Bytes readBuffer(ByteArrayDataInput in) {
    int length = in.readInt();
    if (length > ClientFrames.LONGEST) {
      throw new IllegalStateException("a buffer of " + length + " bytes");
    }
    byte[] bytes = new byte[Math.max(length, 0)];
    in.readFully(bytes);
    return Bytes.of(bytes);
  }

  public static void writeString(ByteArrayDataOutput out, String text) {
    writeBuffer(out, Bytes.of(text));
  }

  public static String readString(ByteArrayDataInput in) {
    return readBuffer(in).text();
  }

  static void writeStrings(ByteArrayDataOutput out, List<String> texts) {
    out.writeInt(texts.size());
    texts.forEach(text -> writeString(out, text));
  }

  static ImmutableList<String> readStrings(ByteArrayDataInput in) {
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    for (int left = in.readInt(); left > 0; left--) {
      texts.add(readString(in));
    }
    return texts.build();
  }
}
