package dev.sidecarsim.app.generic;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Listener;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One port of a member: the links that it keeps to the same port of others, and those that others
 * keep to it. A link counts once both sides have said who they are, {@code HELLO} and {@code
 * WELCOME}; where the application asks for no answer, from the HELLO on.
 */
final class Peers {

  /**
   * What a member says of itself in a greeting.
   *
   * @param name what others call it in their configuration
   * @param host the name or address at which it wants to be called, or {@link #UNKNOWN}
   */
  public record Self(String pod, String name, String host, int port) {

    /** The host of a member that nobody has told yet where it is. */
    public static final String UNKNOWN = "?";

    Self at(String other) {
      return new Self(pod, name, other, port);
    }

    String words(String greeting) {
      return greeting + " " + pod + " " + name + " " + host + " " + port;
    }

    /** The host at which it wants to be called, or another one if it does not know. */
    public String hostOr(String other) {
      return host.equals(UNKNOWN) ? other : host;
    }

    static Self of(List<String> words) {
      return new Self(words.get(1), words.get(2), words.get(3), Integer.parseInt(words.get(4)));
    }
  }

  static final String BANNER = "BANNER";
  static final String HELLO = "HELLO";
  static final String WELCOME = "WELCOME";
  static final String WHERE = "WHERE";
  static final String THERE = "THERE";
  static final String PING = "PING";
  static final String PONG = "PONG";

  /**
   * A link on which nothing comes for so long is dead: {@code ConnReadTimeout} of etcd's rafthttp.
   */
  static final long SILENCE = Durations.seconds(5);

  /** Three signs of life in that time. */
  static final long PING_PERIOD = SILENCE / 3;

  private final Process process;
  private final Manner manner;
  private final Encounters encounters;
  private final PeerEvents events;
  private final List<Listener> listeners = new ArrayList<>();
  private final Map<String, PeerLink> outgoing = new LinkedHashMap<>();
  private final Map<Channel<String>, Self> accepted = new LinkedHashMap<>();
  private Self self;

  public Peers(
      Process process, Self self, Manner manner, Encounters encounters, PeerEvents events) {
    this.process = process;
    this.self = self;
    this.manner = manner;
    this.encounters = encounters;
    this.events = events;
  }

  /** Listens; says whether that succeeded. May be called for several addresses. */
  public boolean listen(Endpoint local) {
    if (process.listen(local, this::accept) instanceof Bound.Listening bound) {
      listeners.add(bound.listener());
      return true;
    }
    return false;
  }

  /** Closes what it listens on, and what it has accepted. */
  public void stopListening() {
    listeners.forEach(Listener::close);
    listeners.clear();
    List.copyOf(accepted.keySet()).forEach(Channel::close);
    accepted.clear();
  }

  /** Says from now on that this member is at another name or address. */
  public void announce(String host) {
    self = self.at(host);
  }

  /** Keeps a link, until it turns out to lead to this member. */
  public void keepLink(Goal goal) {
    outgoing.computeIfAbsent(
        goal.host() + ":" + goal.port(),
        any -> {
          PeerLink link = new PeerLink(this, goal);
          process.after(0, link::dial);
          return link;
        });
  }

  /** Gives up the links to all but one host. */
  public void keepOnly(String host) {
    outgoing.entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith(host + ":"))
        .toList()
        .forEach(
            entry -> {
              entry.getValue().stop();
              outgoing.remove(entry.getKey());
            });
  }

  /** Sends a message to a member, on the own link or else on the member's; says if there is one. */
  public boolean send(String pod, String message) {
    Optional<PeerLink> own = outgoing.values().stream().filter(link -> leads(link, pod)).findAny();
    if (own.isPresent()) {
      own.get().send(message);
      return true;
    }
    Optional<Channel<String>> other =
        accepted.entrySet().stream()
            .filter(entry -> entry.getKey().isOpen() && entry.getValue().pod().equals(pod))
            .map(Map.Entry::getKey)
            .findAny();
    other.ifPresent(channel -> channel.send(message));
    return other.isPresent();
  }

  private static boolean leads(PeerLink link, String pod) {
    return link.peer().filter(peer -> peer.pod().equals(pod)).isPresent();
  }

  /** The members that the own links lead to. */
  public ImmutableSet<String> linked() {
    return outgoing.values().stream()
        .flatMap(link -> link.peer().stream())
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
    return outgoing.values().stream().anyMatch(PeerLink::metItself);
  }

  /** The connections that were accepted, as reports show them. */
  public ImmutableList<Link> links() {
    return accepted.entrySet().stream()
        .filter(entry -> !entry.getValue().pod().equals(self.pod()))
        .map(
            entry -> Link.accepted(entry.getValue().pod(), self.pod(), self.port(), entry.getKey()))
        .collect(ImmutableList.toImmutableList());
  }

  // ---- for its links

  Process process() {
    return process;
  }

  Self self() {
    return self;
  }

  Manner manner() {
    return manner;
  }

  PeerEvents events() {
    return events;
  }

  void failed(String host, int port, String why) {
    encounters.failed(host, port, why);
    events.failed(host, port, why);
  }

  void answered(String host, int port) {
    encounters.answered(host, port);
  }

  // ---- calls that come in

  private ConnectionHandler accept(Connection connection) {
    IpAddress caller = connection.remote().address();
    Optional<String> refusal = manner.acceptance().refuse(caller, process::resolve);
    if (refusal.isPresent()) {
      reject(caller, refusal.get());
      connection.close();
      return new ConnectionHandler() {};
    }
    return Channel.accept(connection, manner.framing(), new Incoming());
  }

  private void reject(IpAddress caller, String why) {
    encounters.note("rejected connection from " + caller + ": " + why);
    events.rejected(caller, why);
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
      switch (words.get(0)) {
        case HELLO -> greeted(channel, Self.of(words));
        case PING -> channel.send(PONG);
        case WHERE -> channel.send(self.words(THERE) + " " + words.get(1));
        default ->
            Optional.ofNullable(accepted.get(channel))
                .ifPresent(peer -> events.received(peer.pod(), message, channel));
      }
    }

    private void greeted(Channel<String> channel, Self peer) {
      IpAddress caller = channel.remote().address();
      Optional<String> refusal =
          manner.certificates().flatMap(each -> each.refuse(peer, caller, process::resolve));
      if (refusal.isPresent()) {
        reject(caller, refusal.get());
        channel.close();
        return;
      }
      accepted.put(channel, peer);
      if (manner.answered()) {
        channel.limitSilence(SILENCE);
      }
      events.greeted(peer, channel);
      channel.send(self.words(WELCOME));
    }

    @Override
    public void onEnd(Channel<String> channel, End end) {
      Optional.ofNullable(accepted.remove(channel)).ifPresent(peer -> events.left(peer.pod(), end));
    }
  }
}
