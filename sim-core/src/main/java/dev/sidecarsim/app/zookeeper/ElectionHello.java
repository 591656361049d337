package dev.sidecarsim.app.zookeeper;

import com.google.common.net.HostAndPort;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first message on an election connection, from the dialling side: protocol version, own id,
 * length and text of the own election address.
 *
 * @param sid who dials
 * @param address what the caller listens on as it says itself; empty if that is no address
 */
record ElectionHello(long sid, Optional<Endpoint> address) {

  /** One address; servers with several send -65535 and join them with a bar. */
  static final long PROTOCOL_V1 = -65536;

  private static final long PROTOCOL_V2 = -65535;

  /** The longest address text that 3.7.0 reads. */
  private static final int LONGEST = 2048;

  private static final int FIXED = 20;

  /** The bare id, as servers before 3.5 send it. */
  static Bytes encode(long sid) {
    return Bytes.of(ByteBuffer.allocate(8).putLong(sid).array());
  }

  static Bytes encode(long sid, String address) {
    Bytes text = Bytes.of(address);
    ByteBuffer buffer = ByteBuffer.allocate(FIXED + text.size());
    buffer.putLong(PROTOCOL_V1).putLong(sid).putInt(text.size()).put(text.toByteArray());
    return Bytes.of(buffer.array());
  }

  /** How far reading got. */
  sealed interface Reading {

    /** More bytes must come. */
    record Partial() implements Reading {}

    /** These bytes are no hello. */
    record Garbage(String why) implements Reading {}

    /** A hello; its bytes were taken from the input. */
    record Complete(ElectionHello hello) implements Reading {}
  }

  static Reading read(Input input) {
    if (!input.has(8)) {
      return new Reading.Partial();
    }
    long first = input.peekLong(0);
    if (first >= 0) {
      // Servers before 3.5 sent the bare id, so that any number that is not negative is one.
      input.take(8);
      return new Reading.Complete(new ElectionHello(first, Optional.empty()));
    }
    if (first != PROTOCOL_V1 && first != PROTOCOL_V2) {
      return new Reading.Garbage("protocol version " + first);
    }
    return readAddress(input);
  }

  private static Reading readAddress(Input input) {
    if (!input.has(FIXED)) {
      return new Reading.Partial();
    }
    int length = input.peekInt(16);
    if (length <= 0 || length > LONGEST) {
      return new Reading.Garbage("an address of " + length + " bytes");
    }
    if (!input.has(FIXED + length)) {
      return new Reading.Partial();
    }
    long sid = input.peekLong(8);
    String text = input.peek(FIXED, FIXED + length).text();
    input.take(FIXED + length);
    try {
      return new Reading.Complete(new ElectionHello(sid, dialable(text)));
    } catch (IllegalArgumentException e) {
      return new Reading.Garbage("the address '" + text + "'");
    }
  }

  /**
   * Where to call back; a wildcard, which would reach the dialling host itself, if that is asked.
   */
  Optional<Endpoint> callBack(boolean wildcard) {
    return address.filter(endpoint -> wildcard || !endpoint.isWildcard());
  }

  /** The first address that is no wildcard, or else the first. */
  private static Optional<Endpoint> dialable(String text) {
    Optional<Endpoint> first = Optional.empty();
    for (String one : text.split("\\|", -1)) {
      HostAndPort parts = HostAndPort.fromString(one);
      int port = parts.getPort();
      if (IpAddress.isLiteral(parts.getHost())) {
        Endpoint endpoint = new Endpoint(IpAddress.of(parts.getHost()), port);
        if (!endpoint.isWildcard()) {
          return Optional.of(endpoint);
        }
        first = first.or(() -> Optional.of(endpoint));
      }
    }
    return first;
  }
}
