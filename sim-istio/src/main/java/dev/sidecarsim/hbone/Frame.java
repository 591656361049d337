package dev.sidecarsim.hbone;

import dev.sidecarsim.net.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A frame of HTTP/2 (RFC 9113, 4.1). Headers stand in it as text, one {@code name value} a line.
 *
 * @param endStream whether the sender sends no more on the stream
 */
record Frame(int type, boolean endStream, Bytes body) {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;

  private static final int HEADER = 9;
  private static final int END_STREAM = 1;

  /** SETTINGS_MAX_FRAME_SIZE that ztunnel announces is larger; this is every peer's least. */
  private static final int LARGEST = 1 << 14;

  static Frame connect(String authority) {
    return new Frame(HEADERS, false, Bytes.of(":method CONNECT\n:authority " + authority + "\n"));
  }

  static Frame status(int code) {
    return new Frame(HEADERS, code != 200, Bytes.of(":status " + code + "\n"));
  }

  static Frame end() {
    return new Frame(DATA, true, Bytes.EMPTY);
  }

  static Frame reset() {
    return new Frame(RST_STREAM, true, Bytes.EMPTY);
  }

  /** Data in as many frames as it takes. */
  static Bytes data(Bytes plain) {
    Bytes all = Bytes.EMPTY;
    for (int at = 0; at < plain.size(); at += LARGEST) {
      Bytes part = plain.slice(at, Math.min(plain.size(), at + LARGEST));
      all = all.plus(new Frame(DATA, false, part).bytes());
    }
    return all;
  }

  /** A header's value; empty text if it is not there. */
  String header(String name) {
    for (String line : body.text().split("\n", -1)) {
      if (line.startsWith(name + " ")) {
        return line.substring(name.length() + 1);
      }
    }
    return "";
  }

  Bytes bytes() {
    byte[] header = {
      (byte) (body.size() >>> 16),
      (byte) (body.size() >>> 8),
      (byte) body.size(),
      (byte) type,
      (byte) (endStream ? END_STREAM : 0),
      0,
      0,
      0,
      1
    };
    return Bytes.of(header).plus(body);
  }

  /** Cuts a stream into frames. */
  static final class Reader {
    private Bytes buffer = Bytes.EMPTY;

    /** Takes bytes and gives the frames that are whole by now. */
    List<Frame> take(Bytes data) {
      buffer = buffer.plus(data);
      List<Frame> frames = new ArrayList<>();
      while (buffer.size() >= HEADER) {
        int end = HEADER + (buffer.at(0) << 16 | buffer.at(1) << 8 | buffer.at(2));
        if (buffer.size() < end) {
          break;
        }
        boolean last = (buffer.at(4) & END_STREAM) != 0;
        frames.add(new Frame(buffer.at(3), last, buffer.slice(HEADER, end)));
        buffer = buffer.from(end);
      }
      return frames;
    }
  }
}
