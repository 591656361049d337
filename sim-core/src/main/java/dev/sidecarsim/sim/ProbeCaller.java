package dev.sidecarsim.sim;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.trace.Outcome;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The calling program of a probe: it sends its request and notes what it sees. */
final class ProbeCaller implements ConnectionHandler {

  private static final Pattern HTTP_STATUS = Pattern.compile("^HTTP/1\\.[01] (\\d{3})");

  private final Bytes request;
  private Bytes got = Bytes.EMPTY;
  private @Nullable Outcome end;

  ProbeCaller(Bytes request) {
    this.request = request;
  }

  @Override
  public void onConnected(Connection connection) {
    if (!request.isEmpty()) {
      connection.send(request);
    }
  }

  @Override
  public void onData(Connection connection, Bytes data) {
    got = got.plus(data);
  }

  @Override
  public void onEof(Connection connection) {
    end = new Outcome.AcceptedThenClosed();
  }

  @Override
  public void onReset(Connection connection) {
    if (end == null) {
      end = new Outcome.AcceptedThenReset();
    }
  }

  @Override
  public void onFailed(Connection connection, ConnectFailure failure) {
    end =
        switch (failure) {
          case ECONNREFUSED -> new Outcome.Refused();
          case ETIMEDOUT -> new Outcome.TimedOut();
          default -> new Outcome.Unreachable(failure.name());
        };
  }

  Bytes got() {
    return got;
  }

  /** Whether nothing more can come. */
  boolean over() {
    return end != null;
  }

  /** What the program has seen, if that is enough to tell. */
  Optional<Outcome> verdict() {
    Matcher status = HTTP_STATUS.matcher(got.text());
    if (status.find()) {
      return Optional.of(new Outcome.HttpError(Integer.parseInt(status.group(1))));
    }
    return Optional.ofNullable(end);
  }
}
