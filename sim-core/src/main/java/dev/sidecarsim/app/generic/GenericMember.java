package dev.sidecarsim.app.generic;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Acceptance;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.LastWords;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.app.Peers;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A member of an application that is given by a definition.
 *
 * <p>It keeps the links that the definition asks for. Once it is linked with as many as must be, it
 * beats once a second on each link, and the member with the smallest ordinal among those who are
 * linked so leads, once enough others say so.
 */
final class GenericMember implements Member {

  private static final String BEAT = "BEAT";
  private static final long PERIOD = seconds(1);

  private final Container container;
  private final ClusterDefinition definition;
  private final Names names;
  private final Encounters encounters = new Encounters();
  private final Map<Integer, Peers> ports = new LinkedHashMap<>();
  private final Map<DialSpec, Boolean> dependencies = new LinkedHashMap<>();
  private final Map<String, String> observed = new LinkedHashMap<>();
  private final Agreement agreement = new Agreement();
  private OptionalLong servingSince = OptionalLong.empty();

  private GenericMember(Container container, ClusterDefinition definition) {
    this.container = container;
    this.definition = definition;
    this.names = Names.of(container.pod(), definition.members());
  }

  /** Starts a member: it listens and dials once its program is up. */
  static GenericMember start(Container container, ClusterDefinition definition) {
    GenericMember member = new GenericMember(container, definition);
    long boot = millis(200 + container.random().nextInt(800));
    container.process().after(boot, member::boot);
    return member;
  }

  private void boot() {
    for (ListenSpec listen : definition.listens()) {
      Peers peers = port(listen);
      ports.put(listen.port(), peers);
      Optional<IpAddress> address =
          listen.bind().in(container.podIp(), name -> process().resolve(name).stream().findFirst());
      if (address.isEmpty() || !peers.listen(new Endpoint(address.get(), listen.port()))) {
        LastWords.exit(container, 1, "cannot bind port " + listen.port());
        return;
      }
    }
    definition.dials().forEach(this::dial);
    process().after(PERIOD, this::beat);
    definition
        .giveUpNanos()
        .ifPresent(
            limit ->
                process()
                    .after(
                        limit,
                        () -> {
                          if (servingSince.isEmpty()) {
                            LastWords.exit(container, 1, "has not formed in time");
                          }
                        }));
  }

  private Peers port(ListenSpec listen) {
    Acceptance acceptance =
        definition.acceptMembersOnly()
            ? new Acceptance.Names(names.hosts())
            : definition.acceptance();
    return new Peers(
        process(),
        new Peers.Self(pod(), names.self(), listen.port()),
        new Peers.Manner(
            new dev.sidecarsim.app.TextFrames(Bytes.of("GAPP")),
            listen.serverFirst(),
            definition.retry(),
            acceptance),
        encounters,
        new Hearing(listen.port()));
  }

  // ---- dialling

  private void dial(DialSpec dial) {
    switch (dial.who()) {
      case EVERY_PAIR -> names.others().forEach(pod -> link(pod, dial.port()));
      case LARGER_TO_SMALLER -> names.smaller().forEach(pod -> link(pod, dial.port()));
      case TO_FIRST -> names.smaller().stream().limit(1).forEach(pod -> link(pod, dial.port()));
      case SELF -> port(dial).keepLink(names.self(), dial.port());
      case EXTERNAL -> external(dial);
    }
  }

  private Peers port(DialSpec dial) {
    Peers peers = ports.get(dial.port());
    if (peers == null) {
      throw new IllegalStateException("no member listens on " + dial.port());
    }
    return peers;
  }

  private void link(String pod, int port) {
    boolean waitsForCall = definition.callBack() && !names.smaller().contains(pod);
    Peers peers = ports.get(port);
    if (peers != null && !waitsForCall) {
      peers.keepLink(names.hostOf(pod), port);
    }
  }

  /** A dependency counts as there while a connection to it stands. */
  private void external(DialSpec dial) {
    new Dependency(process(), encounters, dial).keep(there -> dependencies.put(dial, there));
  }

  private final class Hearing implements Peers.Events {
    private final int port;

    Hearing(int port) {
      this.port = port;
    }

    /** Who keeps an address book notes where the call came from, and calls back there. */
    @Override
    public void greeted(Peers.Self peer, IpAddress seenAs) {
      if (definition.callBack() && !peer.pod().equals(pod())) {
        observed.put(peer.pod(), seenAs + ":" + port);
        Peers peers = ports.get(port);
        if (peers != null && !names.smaller().contains(peer.pod())) {
          peers.keepLink(seenAs.toString(), port);
        }
      }
    }

    @Override
    public void received(String pod, String message, Channel<String> channel) {
      List<String> words = Splitter.on(' ').splitToList(message);
      if (words.get(0).equals(BEAT)) {
        agreement.heard(pod, words.get(1), now());
      }
    }
  }

  // ---- formation

  private void beat() {
    boolean fit = linkedWith().size() + 1 >= needed() && dependenciesThere() && selfMet();
    String leader = fit ? candidate() : Agreement.NOBODY;
    String message = BEAT + " " + leader;
    for (Peers peers : ports.values()) {
      peers.broadcast(message);
      peers.reply(message);
    }
    boolean agreed = fit && agreement.followers(leader, linkedWith(), now()) + 1 >= needed();
    if (!agreed) {
      servingSince = OptionalLong.empty();
    } else if (servingSince.isEmpty()) {
      servingSince = OptionalLong.of(now());
    }
    process().after(PERIOD, this::beat);
  }

  private int needed() {
    return definition.formation().needed(names.all().size());
  }

  /** The members with which every dial of the definition that concerns both has a link. */
  private ImmutableSet<String> linkedWith() {
    return names.others().stream()
        .filter(pod -> definition.dials().stream().allMatch(dial -> linked(dial, pod)))
        .collect(ImmutableSet.toImmutableSet());
  }

  private boolean linked(DialSpec dial, String pod) {
    Peers peers = ports.get(dial.port());
    if (peers == null || dial.who() == DialSpec.Who.SELF || dial.who() == DialSpec.Who.EXTERNAL) {
      return true;
    }
    boolean out = peers.linked().contains(pod);
    boolean in = peers.greeted().contains(pod);
    return switch (dial.who()) {
      case EVERY_PAIR -> out && in;
      case TO_FIRST -> names.isFirst(pod) ? out : !names.isFirst(pod()) || in;
      default -> out || in;
    };
  }

  private boolean dependenciesThere() {
    return dependencies.values().stream().allMatch(there -> there);
  }

  private boolean selfMet() {
    return definition.dials().stream()
        .filter(dial -> dial.who() == DialSpec.Who.SELF)
        .allMatch(dial -> port(dial).metItself());
  }

  private String candidate() {
    return agreement.candidate(pod(), names.all(), linkedWith(), now());
  }

  private long now() {
    return process().namespace().scheduler().now();
  }

  // ---- as a member

  @Override
  public String pod() {
    return container.pod().name();
  }

  @Override
  public Process process() {
    return container.process();
  }

  @Override
  public String state() {
    return servingSince.isPresent() ? "serving" : "waiting";
  }

  @Override
  public Optional<String> role() {
    return Optional.of(candidate().equals(pod()) ? "leader" : "follower");
  }

  @Override
  public OptionalLong servingSince() {
    return servingSince;
  }

  @Override
  public boolean agreesWith(Member other) {
    return other instanceof GenericMember that && candidate().equals(that.candidate());
  }

  @Override
  public ImmutableList<Link> links() {
    return ports.values().stream()
        .flatMap(peers -> peers.links().stream())
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public ImmutableList<BookEntry> book() {
    return observed.entrySet().stream()
        .map(
            entry -> {
              int colon = entry.getValue().lastIndexOf(':');
              return new BookEntry(
                  entry.getKey(),
                  entry.getValue().substring(0, colon),
                  Integer.parseInt(entry.getValue().substring(colon + 1)));
            })
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public ImmutableList<String> troubles() {
    return servingSince.isPresent() ? ImmutableList.of() : encounters.sentences(pod());
  }
}
