package dev.sidecarsim.envoy;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.tls.ClientHello;
import dev.sidecarsim.tls.TlsRecords;

/** What an inspector makes of the first bytes of a connection. */
sealed interface Inspection {

  /** More bytes are needed. */
  Inspection WAIT = new Wait();

  /** The bytes are not what it looks for. */
  Inspection NOTHING = new Nothing();

  /** Too many bytes without a verdict, or broken ones. */
  Inspection CLOSE = new Close();

  record Wait() implements Inspection {}

  record Nothing() implements Inspection {}

  record Close() implements Inspection {}

  /** A whole ClientHello. */
  record Tls(ClientHello hello) implements Inspection {}

  /** An HTTP request: {@code http/1.0}, {@code http/1.1} or {@code h2c}. */
  record Http(String protocol) implements Inspection {}

  /** BoringSSL wants a whole record header before it judges. */
  int TLS_LEAST = 5;

  /** Envoy's limit for a ClientHello. */
  int TLS_MOST = 16 * 1024;

  /** Envoy's limit for a request line that does not end. */
  int HTTP_MOST = 64 * 1024;

  /** Every HTTP/2 connection of a client starts with this (RFC 9113, 3.4). */
  Bytes HTTP2_PREFACE = Bytes.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  /** The TLS inspector. */
  static Inspection tls(Bytes bytes) {
    if (bytes.size() < TLS_LEAST) {
      return WAIT;
    }
    if (bytes.at(0) != ClientHello.HANDSHAKE_RECORD || bytes.at(1) != 3) {
      return NOTHING;
    }
    try {
      for (TlsRecords.TlsRecord record : new TlsRecords().take(bytes)) {
        if (record.body().size() < 4 || record.body().at(0) != ClientHello.CLIENT_HELLO) {
          return NOTHING;
        }
        return new Tls(ClientHello.parse(record.body().from(4)));
      }
    } catch (IllegalArgumentException e) {
      return NOTHING;
    }
    return bytes.size() > TLS_MOST ? CLOSE : WAIT;
  }

  /** The HTTP inspector. */
  static Inspection http(Bytes bytes) {
    if (bytes.startsWith(HTTP2_PREFACE)) {
      return new Http("h2c");
    }
    if (HTTP2_PREFACE.startsWith(bytes)) {
      return WAIT;
    }
    String text = bytes.text();
    int end = text.indexOf('\n');
    if (!HttpMessage.mayStartRequest(end < 0 ? text : text.substring(0, end))) {
      return NOTHING;
    }
    if (end < 0) {
      return bytes.size() > HTTP_MOST ? CLOSE : WAIT;
    }
    String line = text.substring(0, end).stripTrailing();
    if (!HttpMessage.isRequestLine(line)) {
      return NOTHING;
    }
    return new Http(line.endsWith("HTTP/1.1") ? "http/1.1" : "http/1.0");
  }
}
