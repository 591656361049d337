package dev.sidecarsim.app.generic;

import com.google.common.base.Splitter;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.generic.Peers.Self;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A link that a port keeps to one of the others: dialled until it stands, and when it is lost. */
final class PeerLink implements Channel.Handler<String> {

  /** A dial or a greeting that is not answered in this time is given up. */
  private static final long PATIENCE = Durations.seconds(10);

  private final Peers port;
  private final Goal goal;
  private @Nullable Channel<String> channel;
  private @Nullable Self peer;
  private long pause;
  private boolean self;
  private boolean stopped;

  PeerLink(Peers port, Goal goal) {
    this.port = port;
    this.goal = goal;
    this.pause = port.manner().retry().firstNanos();
  }

  boolean counts() {
    return channel != null && channel.isOpen() && peer != null && !self;
  }

  /** The member that it leads to, while it counts. */
  Optional<Self> peer() {
    return counts() ? Optional.ofNullable(peer) : Optional.empty();
  }

  /** Whether it led back to the one who dialled. */
  boolean metItself() {
    return self;
  }

  void send(String message) {
    if (channel != null) {
      channel.send(message);
    }
  }

  void stop() {
    stopped = true;
    if (channel != null) {
      channel.close();
    }
  }

  // ---- dialling

  void dial() {
    if (stopped) {
      return;
    }
    if (port.manner().oncePerPair() && port.greeted().contains(goal.pod())) {
      again();
    } else if (goal.askAt().isEmpty()) {
      call(goal.host(), goal.port());
    } else {
      address(goal.host(), goal.askAt().getAsInt())
          .ifPresent(at -> channel = connect(at, new Question(at.port())));
    }
  }

  private void call(String host, int number) {
    address(host, number).ifPresent(at -> channel = connect(at, this));
  }

  private Channel<String> connect(Endpoint at, Channel.Handler<String> handler) {
    return Channel.dial(
        port.process(), Dial.to(at).within(PATIENCE), port.manner().framing(), handler);
  }

  /** The address to dial; empty if the name has none, which is tried again. */
  private Optional<Endpoint> address(String host, int number) {
    List<IpAddress> found = port.process().resolve(host);
    if (found.isEmpty()) {
      failed(host, number, "no address for the name");
      return Optional.empty();
    }
    return Optional.of(new Endpoint(found.get(0), number));
  }

  private void failed(String host, int number, String why) {
    port.failed(host, number, why);
    again();
  }

  private void again() {
    port.process().after(pause, this::dial);
    pause = port.manner().retry().after(pause);
  }

  /** The first of two dials, which asks for the host and port of the second. */
  private final class Question implements Channel.Handler<String> {
    private final int asked;

    Question(int asked) {
      this.asked = asked;
    }

    @Override
    public void onOpen(Channel<String> opened) {
      opened.limitSilence(PATIENCE);
      opened.send(Peers.WHERE + " " + goal.port());
    }

    @Override
    public void onMessage(Channel<String> same, String message) {
      List<String> words = Splitter.on(' ').splitToList(message);
      if (words.get(0).equals(Peers.THERE)) {
        port.answered(goal.host(), asked);
        same.close();
        call(Self.of(words).hostOr(goal.host()), Integer.parseInt(words.get(5)));
      }
    }

    @Override
    public void onEnd(Channel<String> same, End end) {
      failed(goal.host(), asked, end.text());
    }
  }

  // ---- the link

  @Override
  public void onOpen(Channel<String> opened) {
    if (port.manner().answered()) {
      opened.limitSilence(PATIENCE);
    }
    if (!port.manner().serverFirst()) {
      greet(opened);
    }
  }

  private void greet(Channel<String> opened) {
    opened.send(port.self().words(Peers.HELLO));
    if (!port.manner().answered()) {
      welcomed(opened, new Self(goal.pod(), goal.host(), goal.host(), goal.port()));
    }
  }

  @Override
  public void onMessage(Channel<String> same, String message) {
    List<String> words = Splitter.on(' ').splitToList(message);
    if (words.get(0).equals(Peers.BANNER)) {
      greet(same);
    } else if (words.get(0).equals(Peers.WELCOME)) {
      recognised(same, Self.of(words));
    } else if (peer != null) {
      port.events().received(peer.pod(), message, same);
    }
  }

  /** Whoever answers must be who was called, where the application checks that. */
  private void recognised(Channel<String> same, Self by) {
    Optional<String> doubt =
        port.manner().certificates().flatMap(each -> each.doubt(by, goal.host()));
    if (doubt.isPresent()) {
      same.close();
      failed(goal.host(), goal.port(), doubt.get());
    } else if (peer == null) {
      welcomed(same, by);
    }
  }

  private void welcomed(Channel<String> same, Self by) {
    if (port.manner().answered()) {
      same.limitSilence(Peers.SILENCE);
      ping(same);
    }
    port.answered(goal.host(), goal.port());
    pause = port.manner().retry().firstNanos();
    peer = by;
    self = by.pod().equals(port.self().pod());
    if (self) {
      stop();
    } else {
      port.events().linked(by, same);
    }
  }

  private void ping(Channel<String> same) {
    if (same.isOpen()) {
      same.send(Peers.PING);
      port.process().after(Peers.PING_PERIOD, () -> ping(same));
    }
  }

  @Override
  public void onEnd(Channel<String> same, End end) {
    port.failed(goal.host(), goal.port(), end.text());
    if (peer != null) {
      port.events().lost(peer.pod(), end);
      peer = null;
    }
    again();
  }
}
