package dev.sidecarsim.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable string of bytes. */
public final class Bytes {

  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] data;

  private Bytes(byte[] data) {
    this.data = data;
  }

  public static Bytes of(byte[] data) {
    return data.length == 0 ? EMPTY : new Bytes(data.clone());
  }

  /** The text in UTF-8. */
  public static Bytes of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads pairs of hexadecimal digits.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Bytes ofHex(String digits) {
    return new Bytes(HexFormat.of().parseHex(digits));
  }

  public int size() {
    return data.length;
  }

  public boolean isEmpty() {
    return data.length == 0;
  }

  /** The byte at a position, 0 to 255. */
  public int at(int index) {
    return data[index] & 0xff;
  }

  /** The bytes from {@code start} up to but without {@code end}. */
  public Bytes slice(int start, int end) {
    if (start == 0 && end == data.length) {
      return this;
    }
    return new Bytes(Arrays.copyOfRange(data, start, end));
  }

  public Bytes from(int start) {
    return slice(start, data.length);
  }

  public Bytes plus(Bytes more) {
    if (more.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return more;
    }
    byte[] joined = Arrays.copyOf(data, data.length + more.data.length);
    System.arraycopy(more.data, 0, joined, data.length, more.data.length);
    return new Bytes(joined);
  }

  public boolean startsWith(Bytes prefix) {
    return size() >= prefix.size() && slice(0, prefix.size()).equals(prefix);
  }

  public byte[] toByteArray() {
    return data.clone();
  }

  /** The bytes read as UTF-8. */
  public String text() {
    return new String(data, StandardCharsets.UTF_8);
  }

  public String hex() {
    return HexFormat.of().formatHex(data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return data.length + " bytes";
  }
}
