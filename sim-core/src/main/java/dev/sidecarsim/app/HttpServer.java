package dev.sidecarsim.app;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import java.util.function.Consumer;
import java.util.function.Function;

/** Answers HTTP/1.1 requests on a connection, one after the other. */
public final class HttpServer implements ConnectionHandler {

  /** An answer in JSON. */
  public record Answer(int status, String body) {}

  /** Who makes answers, at once or later. */
  public interface Handler {
    void handle(HttpMessage request, Consumer<Answer> reply);
  }

  private static final HttpFraming FRAMING = new HttpFraming();

  private final Handler handler;
  private Bytes waiting = Bytes.EMPTY;
  private boolean busy;

  public HttpServer(Handler handler) {
    this.handler = handler;
  }

  /** One that answers at once, by what a function makes of the path. */
  public static HttpServer of(Function<String, Answer> answers) {
    return new HttpServer((request, reply) -> reply.accept(answers.apply(request.path())));
  }

  @Override
  public void onData(Connection connection, Bytes data) {
    waiting = waiting.plus(data);
    next(connection);
  }

  private void next(Connection connection) {
    while (!busy && FRAMING.decode(waiting) instanceof Framing.Decoded.Whole<HttpMessage> request) {
      waiting = waiting.from(request.length());
      busy = true;
      handle(request.message(), answer -> answered(connection, answer));
    }
  }

  private void handle(HttpMessage request, Consumer<Answer> reply) {
    if (request.isRequest()) {
      handler.handle(request, reply);
    } else {
      reply.accept(new Answer(400, "{\"error\":\"Bad Request\"}"));
    }
  }

  private void answered(Connection connection, Answer answer) {
    busy = false;
    connection.send(FRAMING.encode(HttpMessage.answer(answer, Bytes.of(answer.body()).size())));
    next(connection);
  }

  @Override
  public void onEof(Connection connection) {
    connection.close();
  }
}
