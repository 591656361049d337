package dev.sidecarsim.app.redis;

import dev.sidecarsim.app.Framing;
import dev.sidecarsim.net.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes {@link Resp}; a line that starts with a letter is a command of its own. */
final class RespFraming implements Framing<Resp> {

  static final Framing<Resp> RESP = new RespFraming();

  private static final Decoded<Resp> PARTIAL = new Decoded.Partial<>();
  private static final Decoded<Resp> GARBAGE = new Decoded.Garbage<>();

  @Override
  public Bytes encode(Resp message) {
    return Bytes.of(message.encode());
  }

  @Override
  public Decoded<Resp> decode(Bytes waiting) {
    return value(waiting, 0);
  }

  private static Decoded<Resp> value(Bytes in, int start) {
    if (start >= in.size()) {
      return PARTIAL;
    }
    char type = (char) in.at(start);
    if ("+-:$*".indexOf(type) < 0 && !Character.isLetter(type)) {
      return GARBAGE;
    }
    int end = lineEnd(in, start);
    if (end < 0) {
      return PARTIAL;
    }
    String line = in.slice(start + 1, end).text().strip();
    int next = end + 1;
    try {
      return switch (type) {
        case '+' -> whole(new Resp.Simple(line), next, start);
        case '-' -> whole(new Resp.Failure(line), next, start);
        case ':' -> whole(new Resp.Int(Long.parseLong(line)), next, start);
        case '$' -> bulk(in, start, next, Integer.parseInt(line));
        case '*' -> array(in, start, next, Integer.parseInt(line));
        default -> whole(Resp.inline(type + line), next, start);
      };
    } catch (NumberFormatException e) {
      return GARBAGE;
    }
  }

  private static Decoded<Resp> whole(Resp value, int next, int start) {
    return new Decoded.Whole<>(value, next - start);
  }

  private static Decoded<Resp> bulk(Bytes in, int start, int body, int length) {
    if (length < 0) {
      return whole(new Resp.Bulk(Optional.empty()), body, start);
    }
    int end = body + length;
    return in.size() < end + 2
        ? PARTIAL
        : whole(Resp.bulk(in.slice(body, end).text()), end + 2, start);
  }

  private static Decoded<Resp> array(Bytes in, int start, int first, int count) {
    List<Resp> values = new ArrayList<>();
    int at = first;
    for (int i = 0; i < count; i++) {
      Decoded<Resp> value = value(in, at);
      if (!(value instanceof Decoded.Whole<Resp> whole)) {
        return value;
      }
      values.add(whole.message());
      at += whole.length();
    }
    return whole(Resp.array(values), at, start);
  }

  private static int lineEnd(Bytes in, int start) {
    for (int i = start; i < in.size(); i++) {
      if (in.at(i) == '\n') {
        return i;
      }
    }
    return -1;
  }
}
