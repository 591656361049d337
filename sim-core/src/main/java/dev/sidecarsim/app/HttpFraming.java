package dev.sidecarsim.app;

import dev.sidecarsim.net.Bytes;

/** HTTP/1.1, whose bodies are as long as {@code content-length} says. */
public final class HttpFraming implements Framing<HttpMessage> {

  private static final String BLANK_LINE = "\r\n";
  private static final String END_OF_HEAD = "\r\n\r\n";

  @Override
  public Bytes encode(HttpMessage message) {
    return Bytes.of(message.head() + BLANK_LINE + message.body());
  }

  /** Bytes that never come to the end of a head are no garbage: a server waits for it. */
  @Override
  public Decoded<HttpMessage> decode(Bytes waiting) {
    String text = waiting.text();
    int end = text.indexOf(END_OF_HEAD);
    if (end < 0) {
      return new Decoded.Partial<>();
    }
    String head = text.substring(0, end + 2);
    int body = Bytes.of(text.substring(0, end + END_OF_HEAD.length())).size();
    int length =
        new HttpMessage(head, "").header("content-length").map(HttpFraming::number).orElse(0);
    return waiting.size() < body + length
        ? new Decoded.Partial<>()
        : new Decoded.Whole<>(
            new HttpMessage(head, waiting.slice(body, body + length).text()), body + length);
  }

  private static int number(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }
}
