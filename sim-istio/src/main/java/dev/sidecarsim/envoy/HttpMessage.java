package dev.sidecarsim.envoy;

import dev.sidecarsim.net.Bytes;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** As much of HTTP/1 (RFC 9112) as it takes to tell where a message ends and whom it is for. */
final class HttpMessage {

  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] \\d{3}.*");

  private final String firstLine;
  private final String head;

  private HttpMessage(String head) {
    this.head = head;
    int end = head.indexOf('\r');
    this.firstLine = end < 0 ? head : head.substring(0, end);
  }

  /** The head of the message that these bytes start with; empty while it is not whole. */
  static Optional<HttpMessage> headOf(Bytes bytes) {
    String text = bytes.text();
    int end = text.indexOf("\r\n\r\n");
    return end < 0 ? Optional.empty() : Optional.of(new HttpMessage(text.substring(0, end + 4)));
  }

  boolean isRequest() {
    return RequestLine.mayStart(head);
  }

  /** Whether Envoy takes it for one of HTTP/1.0: any but one of HTTP/1.1. */
  boolean isHttp10() {
    return !firstLine.endsWith("HTTP/1.1");
  }

  /** A request's method. */
  String method() {
    return firstLine.split(" ", 2)[0];
  }

  /** A request's target. */
  String path() {
    String[] words = firstLine.split(" ", 3);
    return words.length < 2 ? "" : words[1];
  }

  boolean isResponse() {
    return STATUS_LINE.matcher(firstLine).matches();
  }

  /** A response's status. */
  int status() {
    return isResponse() ? Integer.parseInt(firstLine.substring(9, 12)) : 0;
  }

  int headSize() {
    return Bytes.of(head).size();
  }

  /** The Host header without its port; empty if there is none. */
  String host() {
    return header("host").orElse("");
  }

  Optional<String> header(String name) {
    return head.lines()
        .skip(1)
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  /** Whether the whole message is in these bytes, which start with its head. */
  boolean isWhole(Bytes bytes) {
    if (header("transfer-encoding").filter(v -> v.contains("chunked")).isPresent()) {
      return bytes.text().endsWith("0\r\n\r\n");
    }
    return bodySize() >= 0 && bytes.size() >= headSize() + bodySize();
  }

  /** The body's size; -1 if the end of the connection ends it. */
  int bodySize() {
    Optional<String> length = header("content-length");
    if (length.isEmpty()) {
      return isRequest() || firstLine.contains(" 204") || firstLine.contains(" 304") ? 0 : -1;
    }
    try {
      return Integer.parseInt(length.get());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** A response that a proxy makes by itself. */
  static Bytes response(int status, String body) {
    return Bytes.of(
        "HTTP/1.1 "
            + status
            + " "
            + reason(status)
            + "\r\ncontent-length: "
            + body.length()
            + "\r\ncontent-type: text/plain\r\nserver: envoy\r\n\r\n"
            + body);
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 426 -> "Upgrade Required";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      default -> "Unknown";
    };
  }
}
