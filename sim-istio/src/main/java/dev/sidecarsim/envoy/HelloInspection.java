package dev.sidecarsim.envoy;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.tls.ClientHello;

/**
 * What the TLS inspector makes of the first bytes: it gives them to BoringSSL, which reads records
 * and puts the first message of the handshake together (ssl/tls_record.cc, ssl/s3_both.cc).
 */
final class HelloInspection {

  /** A record's header; BoringSSL judges nothing before it has one (SSL3_RT_HEADER_LENGTH). */
  private static final int RECORD_HEADER = 5;

  private static final int MESSAGE_HEADER = 4;

  /** The major version of SSL 3 and every TLS. */
  private static final int MAJOR = 3;

  /** SSL3_RT_MAX_ENCRYPTED_LENGTH. */
  private static final int LONGEST_RECORD = 16_384 + 320;

  /** Envoy's limit for a ClientHello (tls_inspector.h, TLS_MAX_CLIENT_HELLO). */
  private static final int LONGEST_HELLO = 16 * 1024;

  /** BoringSSL's limit for a ClientHello in the form of SSL 2. */
  private static final int LONGEST_OF_SSL2 = 4 * 1024;

  private final Bytes bytes;

  private HelloInspection(Bytes bytes) {
    this.bytes = bytes;
  }

  static Inspection of(Bytes bytes) {
    Bytes seen = bytes.slice(0, Math.min(bytes.size(), LONGEST_HELLO));
    HelloInspection inspection = new HelloInspection(seen);
    if (seen.size() < RECORD_HEADER) {
      return Inspection.WAIT;
    }
    return inspection.isOfSsl2() ? inspection.ssl2() : inspection.records();
  }

  private Inspection wantsMore() {
    return bytes.size() < LONGEST_HELLO ? Inspection.WAIT : Inspection.CLOSE;
  }

  /** Such a hello says that TLS may follow, and has neither server name nor protocols. */
  private boolean isOfSsl2() {
    return bytes.at(0) >= 0x80 && bytes.at(2) == ClientHello.CLIENT_HELLO && bytes.at(3) == MAJOR;
  }

  private Inspection ssl2() {
    int length = number(bytes, 0, 2) & 0x7fff;
    if (length > LONGEST_OF_SSL2 || length < RECORD_HEADER - 2) {
      return Inspection.NOTHING;
    }
    return bytes.size() < 2 + length ? wantsMore() : new Inspection.Tls(ClientHello.BARE);
  }

  private Inspection records() {
    Bytes message = Bytes.EMPTY;
    int at = 0;
    while (bytes.size() >= at + RECORD_HEADER) {
      int end = at + RECORD_HEADER + number(bytes, at + 3, 2);
      if (bytes.at(at + 1) != MAJOR || end - at - RECORD_HEADER > LONGEST_RECORD) {
        return Inspection.NOTHING;
      }
      if (bytes.size() < end) {
        return wantsMore();
      }
      if (bytes.at(at) != ClientHello.HANDSHAKE_RECORD) {
        return Inspection.NOTHING;
      }
      message = message.plus(bytes.slice(at + RECORD_HEADER, end));
      if (isWhole(message)) {
        return hello(message);
      }
      at = end;
    }
    return wantsMore();
  }

  private static boolean isWhole(Bytes message) {
    return message.size() >= MESSAGE_HEADER
        && message.size() >= MESSAGE_HEADER + number(message, 1, 3);
  }

  private static Inspection hello(Bytes message) {
    if (message.at(0) != ClientHello.CLIENT_HELLO) {
      return Inspection.NOTHING;
    }
    try {
      int end = MESSAGE_HEADER + number(message, 1, 3);
      return new Inspection.Tls(ClientHello.parse(message.slice(MESSAGE_HEADER, end)));
    } catch (IllegalArgumentException e) {
      return Inspection.NOTHING;
    }
  }

  private static int number(Bytes bytes, int at, int width) {
    int number = 0;
    for (int i = at; i < at + width; i++) {
      number = number << 8 | bytes.at(i);
    }
    return number;
  }
}
