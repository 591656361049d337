package dev.sidecarsim.tls;

import dev.sidecarsim.net.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Cuts a stream into TLS records (RFC 5246, 6.2.1) and makes them. */
public final class TlsRecords {

  static final int CHANGE_CIPHER_SPEC = 20;
  static final int ALERT = 21;
  static final int HANDSHAKE = 22;
  static final int APPLICATION_DATA = 23;

  private static final int HEADER = 5;
  private static final int LARGEST = 1 << 14;

  /** Stands for the cipher: what a program reads of it is no plaintext. */
  private static final int SCRAMBLE = 0xa5;

  /** One record. */
  public record TlsRecord(int type, Bytes body) {}

  private Bytes buffer = Bytes.EMPTY;

  /**
   * Takes bytes and gives the records that are whole by now.
   *
   * @throws IllegalArgumentException if the bytes are no TLS
   */
  public List<TlsRecord> take(Bytes data) {
    buffer = buffer.plus(data);
    List<TlsRecord> records = new ArrayList<>();
    while (buffer.size() >= HEADER) {
      if (buffer.at(0) < CHANGE_CIPHER_SPEC
          || buffer.at(0) > APPLICATION_DATA
          || buffer.at(1) != 3) {
        throw new IllegalArgumentException("what came is no TLS record");
      }
      int end = HEADER + (buffer.at(3) << 8 | buffer.at(4));
      if (buffer.size() < end) {
        break;
      }
      records.add(new TlsRecord(buffer.at(0), buffer.slice(HEADER, end)));
      buffer = buffer.from(end);
    }
    return records;
  }

  static Bytes record(int type, int version, Bytes body) {
    byte[] header = {
      (byte) type,
      (byte) (version >>> 8),
      (byte) version,
      (byte) (body.size() >>> 8),
      (byte) body.size()
    };
    return Bytes.of(header).plus(body);
  }

  static Bytes handshake(int version, int message, Bytes body) {
    byte[] header = {
      (byte) message, (byte) (body.size() >>> 16), (byte) (body.size() >>> 8), (byte) body.size()
    };
    return record(HANDSHAKE, version, Bytes.of(header).plus(body));
  }

  static Bytes applicationData(Bytes plain) {
    Bytes records = Bytes.EMPTY;
    for (int at = 0; at < plain.size(); at += LARGEST) {
      Bytes part = plain.slice(at, Math.min(plain.size(), at + LARGEST));
      records = records.plus(record(APPLICATION_DATA, 0x0303, scramble(part)));
    }
    return records;
  }

  /** Turns plaintext into something else, and back. */
  static Bytes scramble(Bytes text) {
    byte[] bytes = text.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= (byte) SCRAMBLE;
    }
    return Bytes.of(bytes);
  }
}
