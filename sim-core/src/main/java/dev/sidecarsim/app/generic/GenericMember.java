package dev.sidecarsim.app.generic;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.LastWords;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Container;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A member of an application that is given by a definition: it keeps the links that the definition
 * asks for, agrees with the others on who leads, and serves while enough of them are of one mind.
 */
final class GenericMember implements Member {

  /** No member is longer in noticing that a time is over. */
  private static final long GLANCE = millis(200);

  private final Container container;
  private final ClusterDefinition definition;
  private final Names names;
  private final GenericLog log;
  private final Encounters encounters = new Encounters();
  private final Map<DialSpec, Boolean> dependencies = new LinkedHashMap<>();
  private final Ports ports;
  private final Election election;
  private OptionalLong servingSince = OptionalLong.empty();

  private GenericMember(Container container, ClusterDefinition definition) {
    this.container = container;
    this.definition = definition;
    this.names = Names.of(container.pod(), definition.members());
    this.log = new GenericLog(container);
    this.ports = new Ports(container, definition, names, encounters, log, this::heard);
    this.election = new Election(names, definition, new Standing(), log, container.random());
  }

  /** Starts a member: it listens and dials once its program is up. */
  static GenericMember start(Container container, ClusterDefinition definition) {
    GenericMember member = new GenericMember(container, definition);
    long boot = millis(200 + container.random().nextInt(800));
    container.process().after(boot, member::boot);
    definition.status().ifPresent(command -> container.onExec(new StatusCommand(command, member)));
    return member;
  }

  private void boot() {
    Optional<ListenSpec> unbound = ports.listen();
    if (unbound.isPresent()) {
      exit(1, "cannot bind port " + unbound.get().port());
      return;
    }
    ports.dial();
    definition.dials().stream()
        .filter(dial -> dial.who() == DialSpec.Who.EXTERNAL)
        .forEach(this::need);
    beat();
    definition.giveUp().ifPresent(limit -> process().after(limit.afterNanos(), () -> end(limit)));
  }

  private void end(GiveUp limit) {
    if (servingSince.isEmpty()) {
      exit(limit.code(), "has not formed in time");
    }
  }

  private void exit(int code, String why) {
    log.exits(code, why);
    LastWords.exit(container, code, why);
  }

  /** A dependency counts as there while a connection to it stands. */
  private void need(DialSpec dial) {
    new Dependency(process(), encounters, log, dial).keep(there -> dependencies.put(dial, there));
  }

  private void heard(String pod, String message) {
    election.heard(pod, message);
    take();
  }

  private void beat() {
    election.beat();
    take();
    process().after(Math.min(definition.beatNanos(), GLANCE), this::beat);
  }

  /** Does what follows from who leads now, and what stands. */
  private void take() {
    ports.lead(election.leads());
    ports.follow(election.leader());
    boolean serves =
        new Standing().fit()
            && election.settled()
            && election.leader().map(this::linkedToLeader).orElse(true);
    if (!serves && servingSince.isPresent()) {
      log.ceases(ports.linked());
      servingSince = OptionalLong.empty();
    } else if (serves && servingSince.isEmpty()) {
      log.serves(ports.linked());
      servingSince = OptionalLong.of(now());
    }
  }

  private boolean linkedToLeader(String leader) {
    return ports.linkedToLeader(leader, needed());
  }

  private int needed() {
    return definition.formation().needed(names.all().size());
  }

  private long now() {
    return process().namespace().scheduler().now();
  }

  /** What this member's links let it do. */
  private final class Standing implements Election.Links {
    @Override
    public ImmutableSet<String> linked() {
      return ports.linked();
    }

    @Override
    public boolean fit() {
      return ports.linked().size() + 1 >= needed()
          && dependencies.values().stream().allMatch(there -> there)
          && ports.metItself();
    }

    @Override
    public int needed() {
      return GenericMember.this.needed();
    }

    @Override
    public void send(String pod, String message) {
      ports.send(pod, message);
    }

    @Override
    public long now() {
      return GenericMember.this.now();
    }
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
    return definition.leadership() instanceof Leadership.None
        ? Optional.empty()
        : Optional.of(election.leads() ? "leader" : "follower");
  }

  /** The member that leads, as far as this one knows. */
  Optional<String> leader() {
    return election.leader();
  }

  /** The members with which all links stand that must. */
  ImmutableSet<String> linked() {
    return ports.linked();
  }

  @Override
  public OptionalLong servingSince() {
    return servingSince;
  }

  @Override
  public boolean agreesWith(Member other) {
    return other instanceof GenericMember that
        && (definition.leadership() instanceof Leadership.None
            ? linked().contains(that.pod())
            : leader().equals(that.leader()));
  }

  @Override
  public ImmutableList<Link> links() {
    return ports.links();
  }

  @Override
  public ImmutableList<BookEntry> book() {
    return ports.book();
  }

  @Override
  public ImmutableList<String> troubles() {
    return servingSince.isPresent() ? ImmutableList.of() : encounters.sentences(pod());
  }
}
