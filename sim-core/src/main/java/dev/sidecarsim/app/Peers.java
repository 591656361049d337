package dev.sidecarsim.app;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One port of a member and its links to the same port of others. Each direction has a connection of
 * its own; it counts once both sides have said who they are in what they send, {@code HELLO} and
 * {@code WELCOME}.
 */
public final class Peers {

  /** What a member says of itself in a greeting. */
  public record Self(String pod, String host, int port) {
    String words(String greeting) {
      return greeting + " " + pod + " " + host + " " + port;
    }

    static Self of(List<String> words) {
      return new Self(words.get(1), words.get(2), Integer.parseInt(words.get(3)));
    }
  }

  /** Who is told what happens. */
  public interface Events {

    /** The own link to a peer counts from now on. */
    default void linked(Self peer) {}

    /** A peer's link to this member counts from now on. */
    default void greeted(Self peer, IpAddress seenAs) {}

    /** A message other than a greeting has come from a member, on either kind of link. */
    default void received(String pod, String message, Channel<String> channel) {}

    /** The own link to a peer is over. */
    default void lost(String pod) {}
  }

  /**
   * How a port behaves.
   *
   * @param framing the protocol's first bytes
   * @param serverFirst whether the one who accepts speaks first
   * @param retry when a dial that failed is repeated
   * @param acceptance whom the port takes calls from
   */
  public record Manner(
      TextFrames framing, boolean serverFirst, Retry retry, Acceptance acceptance) {

    public static Manner of(String magic) {
      return new Manner(new TextFrames(Bytes.of(magic)), false, Retry.every(1), Acceptance.ANYONE);
    }
  }

  private static final String BANNER = "BANNER";
  private static final String HELLO = "HELLO";
  private static final String WELCOME = "WELCOME";

  /** A greeting that is not answered in this time is given up. */
  private static final long PATIENCE = Durations.seconds(10);

  private final Process process;
  private final Self self;
  private final Manner manner;
  private final Encounters encounters;
  private final Events events;
  private final Map<String, Outgoing> outgoing = new LinkedHashMap<>();
  private final Map<Channel<String>, Self> accepted = new LinkedHashMap<>();

  public Peers(Process process, Self self, Manner manner, Encounters encounters, Events events) {
    this.process = process;
    this.self = self;
    this.manner = manner;
    this.encounters = encounters;
    this.events = events;
  }

  /** Listens; says whether that succeeded. */
  public boolean listen(Endpoint local) {
    return process.listen(local, this::accept) instanceof Bound.Listening;
  }

  /** Keeps a link to whoever is at a name or address, until it turns out to be this member. */
  public void keepLink(String host, int port) {
    String key = host + ":" + port;
    if (!outgoing.containsKey(key)) {
      Outgoing link = new Outgoing(key, host, port);
      outgoing.put(key, link);
      process.after(0, link::dial);
    }
  }

  /** Sends a message on the own link to a member; says whether there is one. */
  public boolean send(String pod, String message) {
    for (Outgoing link : outgoing.values()) {
      if (link.counts() && link.peer != null && link.peer.pod().equals(pod)) {
        link.channel().ifPresent(channel -> channel.send(message));
        return true;
      }
    }
    return false;
  }

  /** Sends a message on every own link. */
  public void broadcast(String message) {
    linked().forEach(pod -> send(pod, message));
  }

  /** Sends a message back on every link that was accepted. */
  public void reply(String message) {
    List.copyOf(accepted.keySet()).forEach(channel -> channel.send(message));
  }

  /** The members that the own links lead to. */
  public ImmutableSet<String> linked() {
    return outgoing.values().stream()
        .filter(Outgoing::counts)
        .flatMap(link -> Optional.ofNullable(link.peer).stream())
        .map(Self::pod)
        .filter(pod -> !pod.equals(self.pod()))
        .collect(ImmutableSet.toImmutableSet());
  }

  /** The members whose links lead here. */
  public ImmutableSet<String> greeted() {
    return accepted.entrySet().stream()
        .filter(entry -> entry.getKey().isOpen())
        .map(entry -> entry.getValue().pod())
        .collect(ImmutableSet.toImmutableSet());
  }

  /** Whether a link led back to this member. */
  public boolean metItself() {
    return outgoing.values().stream().anyMatch(link -> link.self);
  }

  /** The connections that were accepted, as reports show them. */
  public ImmutableList<Link> links() {
    return accepted.entrySet().stream()
        .filter(entry -> !entry.getValue().pod().equals(self.pod()))
        .map(
            entry -> Link.accepted(entry.getValue().pod(), self.pod(), self.port(), entry.getKey()))
        .collect(ImmutableList.toImmutableList());
  }

  // ---- calls that come in

  private ConnectionHandler accept(Connection connection) {
    Optional<String> refusal =
        manner.acceptance().refuse(connection.remote().address(), process::resolve);
    if (refusal.isPresent()) {
      encounters.note(
          "rejected connection from " + connection.remote().address() + ": " + refusal.get());
      connection.close();
      return new ConnectionHandler() {};
    }
    return Channel.accept(connection, manner.framing(), new Incoming());
  }

  private final class Incoming implements Channel.Handler<String> {
    @Override
    public void onOpen(Channel<String> channel) {
      if (manner.serverFirst()) {
        channel.send(BANNER);
      }
    }

    @Override
    public void onMessage(Channel<String> channel, String message) {
      List<String> words = Splitter.on(' ').splitToList(message);
      if (words.get(0).equals(HELLO)) {
        Self peer = Self.of(words);
        accepted.put(channel, peer);
        channel.send(self.words(WELCOME));
        events.greeted(peer, channel.remote().address());
      } else {
        Optional.ofNullable(accepted.get(channel))
            .ifPresent(peer -> events.received(peer.pod(), message, channel));
      }
    }

    @Override
    public void onEnd(Channel<String> channel, End end) {
      accepted.remove(channel);
    }
  }

  // ---- calls that go out

  private final class Outgoing implements Channel.Handler<String> {
    private final String key;
    private final String host;
    private final int port;
    private @Nullable Channel<String> channel;
    private @Nullable Self peer;
    private long delay;
    private boolean self;
    private boolean stopped;

    Outgoing(String key, String host, int port) {
      this.key = key;
      this.host = host;
      this.port = port;
      this.delay = manner.retry().firstNanos();
    }

    Optional<Channel<String>> channel() {
      return Optional.ofNullable(channel);
    }

    boolean counts() {
      return channel != null && channel.isOpen() && peer != null && !self;
    }

    void stop() {
      stopped = true;
      channel().ifPresent(Channel::close);
    }

    void dial() {
      if (stopped) {
        return;
      }
      List<IpAddress> found = process.resolve(host);
      if (found.isEmpty()) {
        encounters.failed(host, port, "no address for the name");
        again();
      } else {
        Dial dial = Dial.to(new Endpoint(found.get(0), port)).within(PATIENCE);
        channel = Channel.dial(process, dial, manner.framing(), this);
      }
    }

    private void again() {
      process.after(delay, this::dial);
      delay = manner.retry().after(delay);
    }

    @Override
    public void onOpen(Channel<String> opened) {
      opened.limitSilence(PATIENCE);
      if (!manner.serverFirst()) {
        opened.send(Peers.this.self.words(HELLO));
      }
    }

    @Override
    public void onMessage(Channel<String> same, String message) {
      List<String> words = Splitter.on(' ').splitToList(message);
      if (words.get(0).equals(BANNER)) {
        same.send(Peers.this.self.words(HELLO));
      } else if (words.get(0).equals(WELCOME)) {
        welcomed(same, Self.of(words));
      } else if (peer != null) {
        events.received(peer.pod(), message, same);
      }
    }

    private void welcomed(Channel<String> same, Self by) {
      same.limitSilence(0);
      encounters.answered(host, port);
      delay = manner.retry().firstNanos();
      peer = by;
      self = by.pod().equals(Peers.this.self.pod());
      if (self) {
        stop();
      } else {
        events.linked(by);
      }
    }

    @Override
    public void onEnd(Channel<String> same, End end) {
      encounters.ended(host, port, end);
      if (peer != null) {
        events.lost(peer.pod());
        peer = null;
      }
      if (outgoing.get(key) == this) {
        again();
      }
    }
  }
}
