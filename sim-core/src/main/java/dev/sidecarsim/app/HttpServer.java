package dev.sidecarsim.app;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import java.util.function.Function;

/** Answers HTTP/1.1 requests without a body, each by what a function makes of its path. */
public final class HttpServer implements ConnectionHandler {

  /** An answer in JSON. */
  public record Answer(int status, String body) {}

  private final Function<String, Answer> answers;
  private Bytes waiting = Bytes.EMPTY;

  public HttpServer(Function<String, Answer> answers) {
    this.answers = answers;
  }

  @Override
  public void onData(Connection connection, Bytes data) {
    waiting = waiting.plus(data);
    String text = waiting.text();
    int end = text.indexOf("\r\n\r\n");
    while (end >= 0) {
      connection.send(Bytes.of(answer(text.substring(0, end))));
      text = text.substring(end + 4);
      end = text.indexOf("\r\n\r\n");
    }
    waiting = Bytes.of(text);
  }

  private String answer(String request) {
    String[] words = request.split("[ \r\n]", -1);
    boolean http = words.length > 2 && words[2].startsWith("HTTP/1.");
    Answer answer = http ? answers.apply(words[1]) : new Answer(400, "{\"error\":\"Bad Request\"}");
    return "HTTP/1.1 "
        + answer.status()
        + (answer.status() < 400 ? " OK" : " Error")
        + "\r\ncontent-type: application/json; charset=UTF-8\r\ncontent-length: "
        + Bytes.of(answer.body()).size()
        + "\r\n\r\n"
        + answer.body();
  }

  @Override
  public void onEof(Connection connection) {
    connection.close();
  }
}
