package dev.sidecarsim.app.generic;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Witness.BookEntry;
import dev.sidecarsim.app.generic.DialSpec.Who;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The ports of a member: what it listens on, the links that it keeps, and what it learns there. */
final class Ports {

  private final Container container;
  private final ClusterDefinition definition;
  private final Names names;
  private final Encounters encounters;
  private final GenericLog log;
  private final BiConsumer<String, String> messages;
  private final Map<Integer, Peers> ports = new LinkedHashMap<>();
  private final Map<String, BookEntry> book = new LinkedHashMap<>();
  private boolean leading;

  /**
   * @param messages takes what members say, with the member that says it
   */
  Ports(
      Container container,
      ClusterDefinition definition,
      Names names,
      Encounters encounters,
      GenericLog log,
      BiConsumer<String, String> messages) {
    this.container = container;
    this.definition = definition;
    this.names = names;
    this.encounters = encounters;
    this.log = log;
    this.messages = messages;
    definition.ports().forEach(port -> ports.put(port, peers(port)));
  }

  private Process process() {
    return container.process();
  }

  private Peers peers(int port) {
    String host = definition.contact().first(names, container.podIp());
    return new Peers(
        process(),
        new Peers.Self(names.pod(), names.self(), host, port),
        Manner.of(definition, port, names),
        encounters,
        new Hearing(port));
  }

  private Peers at(int port) {
    Peers peers = ports.get(port);
    if (peers == null) {
      throw new IllegalStateException("no member listens on " + port);
    }
    return peers;
  }

  // ---- listening

  /** Listens on what is open from the start on; answers the first port that cannot be bound. */
  Optional<ListenSpec> listen() {
    return definition.listens().stream()
        .filter(spec -> !spec.leaderOnly() && !bind(spec))
        .findFirst();
  }

  private boolean bind(ListenSpec spec) {
    Optional<Endpoint> local =
        spec.bind()
            .in(container.podIp(), name -> process().resolve(name).stream().findFirst())
            .map(address -> new Endpoint(address, spec.port()));
    boolean bound = local.isPresent() && at(spec.port()).listen(local.get());
    if (bound) {
      log.listens(local.get());
    }
    return bound;
  }

  /** Opens and closes what only a leader listens on. */
  void lead(boolean leads) {
    if (leads == leading) {
      return;
    }
    leading = leads;
    for (ListenSpec spec : definition.listens()) {
      if (spec.leaderOnly() && leads) {
        bind(spec);
      } else if (spec.leaderOnly()) {
        at(spec.port()).stopListening();
        log.stopsListening(spec.port());
      }
    }
  }

  // ---- dialling

  /** Dials whom it dials from the start on. */
  void dial() {
    for (DialSpec dial : definition.dials()) {
      switch (dial.who()) {
        case EVERY_PAIR, EITHER_WAY, ONE_OF_PAIR ->
            names.others().forEach(pod -> keepLink(dial, pod));
        case LARGER_TO_SMALLER -> names.smaller().forEach(pod -> keepLink(dial, pod));
        case TO_FIRST -> names.smaller().stream().limit(1).forEach(pod -> keepLink(dial, pod));
        case SELF -> at(dial.port()).keepLink(goal(dial, names.pod(), names.self()));
        case TO_LEADER, EXTERNAL -> {
          // Once there is a leader; not a link of members.
        }
      }
    }
  }

  private static Goal goal(DialSpec dial, String pod, String host) {
    return Goal.at(host, dial.port()).expecting(pod).askingAt(dial.askAt());
  }

  private void keepLink(DialSpec dial, String pod) {
    boolean waitsForCall = callsBack() && !names.smaller().contains(pod);
    if (!waitsForCall) {
      at(dial.port()).keepLink(goal(dial, pod, names.hostOf(pod)));
    }
  }

  private boolean callsBack() {
    return definition.contact().callBack() != Contact.CallBack.NAME;
  }

  /** Dials the leader, and nobody else, where a definition has that. */
  void follow(Optional<String> leader) {
    for (DialSpec dial : definition.dials()) {
      if (dial.who() == Who.TO_LEADER) {
        Optional<String> other = leader.filter(pod -> !pod.equals(names.pod()));
        at(dial.port()).keepOnly(other.map(names::hostOf).orElse(""));
        other.ifPresent(pod -> at(dial.port()).keepLink(goal(dial, pod, names.hostOf(pod))));
      }
    }
  }

  // ---- what stands

  /** The members with which every dial of the definition that concerns both has a link. */
  ImmutableSet<String> linked() {
    return names.others().stream()
        .filter(pod -> definition.dials().stream().allMatch(dial -> linked(dial, pod)))
        .collect(ImmutableSet.toImmutableSet());
  }

  private boolean linked(DialSpec dial, String pod) {
    if (!dial.amongMembers()) {
      return true;
    }
    boolean out = at(dial.port()).linked().contains(pod);
    boolean in = at(dial.port()).greeted().contains(pod);
    return switch (dial.who()) {
      case EVERY_PAIR -> out && in;
      case TO_FIRST -> names.isFirst(pod) ? out : !names.isFirst(names.pod()) || in;
      default -> out || in;
    };
  }

  /** Whether the member met itself wherever it must. */
  boolean metItself() {
    return definition.dials().stream()
        .filter(dial -> dial.who() == Who.SELF)
        .allMatch(dial -> at(dial.port()).metItself());
  }

  /** Whether the links to the leader stand: a follower's own, or enough of those to the leader. */
  boolean linkedToLeader(String leader, int needed) {
    boolean leads = leader.equals(names.pod());
    return definition.dials().stream()
        .filter(dial -> dial.who() == Who.TO_LEADER)
        .map(dial -> at(dial.port()))
        .allMatch(
            port -> leads ? port.greeted().size() + 1 >= needed : port.linked().contains(leader));
  }

  /** Says something to a member on the first port that has a link to it. */
  void send(String pod, String message) {
    for (Peers port : ports.values()) {
      if (port.send(pod, message)) {
        return;
      }
    }
  }

  ImmutableList<Link> links() {
    return ports.values().stream()
        .flatMap(port -> port.links().stream())
        .collect(ImmutableList.toImmutableList());
  }

  /** What the member believes others' addresses to be, where it does not go by their names. */
  ImmutableList<BookEntry> book() {
    return ImmutableList.copyOf(book.values());
  }

  // ---- what the ports tell

  private final class Hearing implements PeerEvents {
    private final int port;

    Hearing(int port) {
      this.port = port;
    }

    @Override
    public void linked(Peers.Self peer, Channel<String> channel) {
      log.connected(peer.pod(), channel.remote());
    }

    @Override
    public void greeted(Peers.Self peer, Channel<String> channel) {
      IpAddress caller = channel.remote().address();
      log.accepted(peer.pod(), caller, port);
      if (definition.contact().announced() instanceof Contact.Announced.Reached) {
        at(port).announce(channel.local().address().toString());
      }
      if (callsBack() && !peer.pod().equals(names.pod())) {
        callBack(
            peer.pod(),
            definition.contact().callBack() == Contact.CallBack.OBSERVED
                ? caller.toString()
                : peer.hostOr(caller.toString()));
      }
    }

    /** Who keeps an address book notes where the other is, and calls back there. */
    private void callBack(String pod, String host) {
      book.put(pod, new BookEntry(pod, host, port));
      if (!names.smaller().contains(pod)) {
        at(port).keepLink(Goal.at(host, port).expecting(pod));
      }
    }

    @Override
    public void received(String pod, String message, Channel<String> channel) {
      messages.accept(pod, message);
    }

    @Override
    public void lost(String pod, End end) {
      log.lost(pod, port, end.text());
    }

    @Override
    public void left(String pod, End end) {
      log.left(pod, port, end.text());
    }

    @Override
    public void failed(String host, int dialled, String why) {
      log.dialFailed(host, dialled, why);
    }

    @Override
    public void rejected(IpAddress caller, String why) {
      log.rejected(caller, port, why);
    }
  }
}
