package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.elasticsearch.Requests.Failure;
import dev.sidecarsim.app.elasticsearch.Requests.Response;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Timer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connection to a node's published address, over which requests go to it. The node that answers
 * there must be the one that is meant.
 */
final class PeerConnection implements Channel.Handler<String> {

  /** Who waits for a connection. */
  interface Waiting {
    void connected();

    default void failed(String why) {}
  }

  /** Who is told of its end. */
  interface Ended {
    /**
     * It is over.
     *
     * @param wasUp whether it ever stood
     */
    void ended(PeerConnection connection, boolean wasUp, String why);
  }

  private record Pending(Response response, @Nullable Timer timeout) {}

  private final Process process;
  private final Node node;
  private final String opening;
  private final Ended ended;
  private final Channel<String> channel;
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<Long, Pending> pending = new LinkedHashMap<>();
  private boolean up;
  private long nextId = 1;

  /**
   * Dials a node.
   *
   * @param opening the first request, which says who calls
   */
  PeerConnection(Process process, Node node, String opening, Ended ended) {
    this.process = process;
    this.node = node;
    this.opening = opening;
    this.ended = ended;
    this.channel =
        Channel.dial(
            process,
            Dial.to(new Endpoint(IpAddress.of(node.host()), node.port()))
                .within(Transport.CONNECT_TIMEOUT),
            Transport.FRAMING,
            this);
  }

  Node node() {
    return node;
  }

  boolean isUp() {
    return up;
  }

  void whenUp(Waiting then) {
    if (up) {
      then.connected();
    } else {
      waiting.add(then);
    }
  }

  /**
   * Sends a request.
   *
   * @param timeout in nanoseconds; 0: none
   */
  void request(String text, long timeout, Response response) {
    long id = nextId++;
    Timer timer = timeout == 0 ? null : process.after(timeout, () -> timedOut(id));
    pending.put(id, new Pending(response, timer));
    channel.send(id + " " + text);
  }

  private void timedOut(long id) {
    Pending late = pending.remove(id);
    if (late != null) {
      late.response().failed(new Failure(Failure.Kind.TIMED_OUT, "timed out"));
    }
  }

  /** Ends it; those who wait for answers are told, nobody else. */
  void close() {
    up = false;
    channel.close();
    failAll("closed");
  }

  private void failAll(String why) {
    List<Pending> left = List.copyOf(pending.values());
    pending.clear();
    for (Pending each : left) {
      if (each.timeout() != null) {
        each.timeout().cancel();
      }
      each.response().failed(new Failure(Failure.Kind.DISCONNECTED, "disconnected"));
    }
    List<Waiting> early = List.copyOf(waiting);
    waiting.clear();
    early.forEach(each -> each.failed(why));
  }

  // ---- as a channel's handler

  @Override
  public void onOpen(Channel<String> opened) {
    opened.limitSilence(Transport.CONNECT_TIMEOUT);
    opened.send(opening);
  }

  @Override
  public void onMessage(Channel<String> same, String message) {
    List<String> words = Splitter.on(' ').splitToList(message);
    if (words.get(0).equals(Transport.OPENED)) {
      opened(Node.decode(words.get(1)));
      return;
    }
    Pending asked = pending.remove(Long.parseLong(words.get(0)));
    if (asked == null) {
      return;
    }
    if (asked.timeout() != null) {
      asked.timeout().cancel();
    }
    if (words.get(1).equals(Transport.REFUSED)) {
      String reason = String.join(" ", words.subList(2, words.size()));
      asked.response().failed(new Failure(Failure.Kind.REFUSED, reason));
    } else {
      asked.response().answered(words.subList(2, words.size()));
    }
  }

  /** ClusterConnectionManager's validator: who answers must be who was called. */
  private void opened(Node answering) {
    if (!answering.equals(node)) {
      channel.close();
      over("handshake failed. unexpected remote node " + answering);
      return;
    }
    up = true;
    channel.limitSilence(0);
    List<Waiting> ready = List.copyOf(waiting);
    waiting.clear();
    ready.forEach(Waiting::connected);
  }

  @Override
  public void onEnd(Channel<String> same, End end) {
    over(end.text());
  }

  private void over(String why) {
    boolean wasUp = up;
    up = false;
    ended.ended(this, wasUp, why);
    failAll(why);
  }
}
