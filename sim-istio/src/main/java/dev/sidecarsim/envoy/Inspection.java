package dev.sidecarsim.envoy;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.tls.ClientHello;

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

  /** A header of the PROXY protocol. */
  record ProxyHeader() implements Inspection {}

  /** An HTTP request: {@code http/1.0}, {@code http/1.1} or {@code h2c}. */
  record Http(String protocol) implements Inspection {}

  /** Envoy's limit for a request line that does not end. */
  int HTTP_MOST = 64 * 1024;

  /** Every HTTP/2 connection of a client starts with this (RFC 9113, 3.4). */
  Bytes HTTP2_PREFACE = Bytes.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  /** The TLS inspector. */
  static Inspection tls(Bytes bytes) {
    return HelloInspection.of(bytes);
  }

  /**
   * The PROXY protocol's filter.
   *
   * @param optional whether bytes that begin no header may follow at once
   */
  static Inspection proxy(Bytes bytes, boolean optional) {
    return ProxyInspection.of(bytes, optional);
  }

  /** The HTTP inspector (http_inspector.cc): anything but HTTP/1.1 counts as HTTP/1.0. */
  static Inspection http(Bytes bytes) {
    if (bytes.startsWith(HTTP2_PREFACE)) {
      return new Http("h2c");
    }
    if (HTTP2_PREFACE.startsWith(bytes)) {
      return WAIT;
    }
    String text = bytes.text();
    if (!RequestLine.mayStart(text)) {
      return NOTHING;
    }
    int end = text.indexOf('\n');
    if (end < 0) {
      return bytes.size() < HTTP_MOST ? WAIT : CLOSE;
    }
    boolean http11 = text.substring(0, end).stripTrailing().endsWith("HTTP/1.1");
    return new Http(http11 ? "http/1.1" : "http/1.0");
  }
}
