package dev.sidecarsim.app;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request or an answer of HTTP/1.1.
 *
 * @param head the first line and the header lines, each with its line end
 * @param body empty for a request without one
 */
public record HttpMessage(String head, String body) {

  private static final String LINE_END = "\r\n";

  /** A GET. */
  public static HttpMessage get(String host, String path, List<String> headers) {
    return request("GET", host, path, headers);
  }

  /**
   * A request without a body.
   *
   * @param headers further lines, such as {@code Accept: text/html}
   */
  static HttpMessage request(String method, String host, String path, List<String> headers) {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1" + LINE_END);
    head.append("Host: ").append(host).append(LINE_END);
    headers.forEach(line -> head.append(line).append(LINE_END));
    return new HttpMessage(head.toString(), "");
  }

  /** An answer in JSON. */
  static HttpMessage answer(HttpServer.Answer answer, int length) {
    return new HttpMessage(
        "HTTP/1.1 "
            + answer.status()
            + (answer.status() < 400 ? " OK" : " Error")
            + LINE_END
            + "content-type: application/json; charset=UTF-8"
            + LINE_END
            + "content-length: "
            + length
            + LINE_END,
        answer.body());
  }

  private String word(int index) {
    List<String> words = Splitter.on(' ').splitToList(head.lines().findFirst().orElse(""));
    return index < words.size() ? words.get(index) : "";
  }

  /** Whether the first line is a request's. */
  boolean isRequest() {
    return word(2).startsWith("HTTP/1.");
  }

  /** The method of a request. */
  public String method() {
    return word(0);
  }

  /** The path of a request. */
  public String path() {
    return word(1);
  }

  /** The status of an answer; 0 if it has none. */
  public int status() {
    return word(1).matches("\\d{3}") ? Integer.parseInt(word(1)) : 0;
  }

  /** The value of a header; names are the same in upper and lower case. */
  public Optional<String> header(String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .findFirst();
  }
}
