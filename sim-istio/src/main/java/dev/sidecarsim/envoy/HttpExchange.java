package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.time.Timer;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One request and its response, with as many attempts as the routes allow. */
final class HttpExchange implements Upstream.User {

  private final HttpSession session;
  private final Downstream downstream;
  private final Bytes request;
  private final RetryPolicy retries;
  private Upstream upstream;
  private int attemptsLeft;
  private String cluster = "";
  private ImmutableList<String> alpn = ImmutableList.of();
  private Bytes response = Bytes.EMPTY;
  private boolean passedOn;
  private @Nullable Timer deadline;
  private @Nullable Timer ofAttempt;

  HttpExchange(HttpSession session, Downstream downstream, Bytes request, RetryPolicy retries) {
    this.session = session;
    this.downstream = downstream;
    this.request = request;
    this.retries = retries;
    this.attemptsLeft = retries.times();
    this.upstream = new Upstream(downstream, this);
  }

  /**
   * Sends the request.
   *
   * @param timeoutNanos how long the answer may take
   */
  void start(String toCluster, ImmutableList<String> offered, OptionalLong timeoutNanos) {
    cluster = toCluster;
    alpn = offered;
    timeoutNanos.ifPresent(
        limit -> deadline = downstream.envoy().process().after(limit, this::tooLate));
    attempt();
  }

  private void attempt() {
    retries
        .perTryNanos()
        .ifPresent(
            limit -> ofAttempt = downstream.envoy().process().after(limit, this::attemptTooLate));
    upstream.connect(cluster, alpn);
  }

  void close() {
    end();
    upstream.close();
  }

  /** One attempt's time is over; what has begun to answer may go on. */
  private void attemptTooLate() {
    if (!passedOn && !(retries.afterReset() && again())) {
      tooLate();
    }
  }

  /** The route's time is over, whatever the attempts have come to. */
  private void tooLate() {
    close();
    if (passedOn) {
      session.brokenOff();
    } else {
      session.answer(504, "UT", "no answer in time", "upstream request timeout");
      session.done();
    }
  }

  private void end() {
    if (deadline != null) {
      deadline.cancel();
    }
    endAttempt();
  }

  private void endAttempt() {
    if (ofAttempt != null) {
      ofAttempt.cancel();
    }
  }

  /** Tries the next host, if a further attempt is left. */
  private boolean again() {
    if (attemptsLeft == 0) {
      return false;
    }
    attemptsLeft--;
    endAttempt();
    upstream.close();
    response = Bytes.EMPTY;
    upstream = new Upstream(downstream, this);
    attempt();
    return true;
  }

  @Override
  public void connected() {
    upstream.send(request);
  }

  @Override
  public void refused(String flags, String why) {
    if (flags.startsWith("UF") && retries.afterConnectFailure() && again()) {
      return;
    }
    String body =
        flags.equals("UH")
            ? why
            : "upstream connect error or disconnect/reset before headers. reset reason: " + why;
    session.answer(503, flags.startsWith("UF") ? "UF" : flags, why, body);
    end();
    session.done();
  }

  @Override
  public void received(Bytes plain) {
    response = response.plus(plain);
    Optional<HttpMessage> head = HttpMessage.headOf(response);
    boolean statusLine = "HTTP/1.".startsWith(start()) || start().startsWith("HTTP/1.");
    if (!statusLine && retries.afterReset() && again()) {
      return;
    }
    if (!statusLine) {
      session.answer(502, "UPE", "the application's answer is no HTTP", "protocol error");
      close();
      session.done();
    } else if (head.isPresent()) {
      if (!passedOn && retries.after(head.get().status()) && again()) {
        return;
      }
      session.pass(passedOn ? plain : response);
      passedOn = true;
      if (head.get().isWhole(response)) {
        close();
        session.done();
      }
    }
  }

  private String start() {
    return response.slice(0, Math.min(response.size(), 7)).text();
  }

  @Override
  public void upstreamEnded() {
    lost("upstream closed");
  }

  @Override
  public void lost(String how) {
    if (!passedOn && retries.afterReset() && again()) {
      return;
    }
    close();
    if (passedOn) {
      session.brokenOff();
    } else {
      session.answer(503, "UC", how + " before an answer", "upstream connect error or disconnect");
      session.done();
    }
  }
}
