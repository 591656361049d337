package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.elasticsearch.Transport.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * The election of a master and its publications (the Coordinator of 7.x): a candidate that has
 * found a quorum starts a term, others join it over their own connections, and with a quorum of
 * joins and of acknowledged publications there is a master.
 */
final class Coordinator {

  private enum Mode {
    CANDIDATE,
    LEADER,
    FOLLOWER
  }

  /** cluster.election.initial_timeout and back_off_time; grows to max_timeout. */
  private static final int ELECTION_MILLIS = 100;

  private static final int ELECTION_MOST_MILLIS = 10_000;

  /** leader_check: interval 1 s, retry_count 3. */
  private static final long LEADER_SILENCE = 3 * SECOND;

  private static final String CONFIG = "/voting-configuration";
  private static final String TERM = "/current-term";

  private final ElasticsearchConfig config;
  private final Node self;
  private final Transport transport;
  private final Map<String, String> disk;
  private final Random random;
  private final Set<String> joins = new LinkedHashSet<>();
  private final Set<String> acknowledged = new LinkedHashSet<>();
  private Mode mode = Mode.CANDIDATE;
  private long term;
  private int attempts;
  private long electionAt = -1;
  private long leaderHeardAt;
  private Optional<String> master = Optional.empty();
  private OptionalLong masterSince = OptionalLong.empty();

  Coordinator(
      ElasticsearchConfig config,
      Node self,
      Transport transport,
      Map<String, String> disk,
      Random random) {
    this.config = config;
    this.self = self;
    this.transport = transport;
    this.disk = disk;
    this.random = random;
    this.term = Long.parseLong(disk.getOrDefault(TERM, "0"));
  }

  Optional<String> master() {
    return master;
  }

  OptionalLong masterSince() {
    return masterSince;
  }

  boolean leads() {
    return mode == Mode.LEADER && master.isPresent();
  }

  long term() {
    return term;
  }

  /** Whether it has ever been part of a cluster, or can bootstrap one by its settings. */
  boolean bootstrapped() {
    return disk.containsKey(CONFIG);
  }

  /** The names whose majority elects. */
  ImmutableSet<String> votingConfiguration() {
    String stored = disk.get(CONFIG);
    return stored == null
        ? ImmutableSet.copyOf(config.initialMasters())
        : ImmutableSet.copyOf(Splitter.on(',').splitToList(stored));
  }

  // ---- the timer, ten times a second

  void tick(long now) {
    switch (mode) {
      case CANDIDATE -> candidate(now);
      case LEADER -> lead(now);
      case FOLLOWER -> follow(now);
    }
  }

  private Set<String> discovered() {
    Set<String> names = new LinkedHashSet<>();
    names.add(self.name());
    transport.connected().stream()
        .filter(Node::masterEligible)
        .forEach(node -> names.add(node.name()));
    return names;
  }

  private boolean quorum(Set<String> names) {
    ImmutableSet<String> voters = votingConfiguration();
    return !voters.isEmpty() && voters.stream().filter(names::contains).count() * 2 > voters.size();
  }

  private void candidate(long now) {
    if (!self.masterEligible() || !quorum(discovered())) {
      electionAt = -1;
      attempts = 0;
    } else if (electionAt < 0) {
      electionAt = now + pause();
    } else if (now >= electionAt) {
      attempts++;
      electionAt = now + pause() + millis(500);
      startElection();
    }
  }

  private long pause() {
    int most = Math.min(ELECTION_MOST_MILLIS, ELECTION_MILLIS * (attempts + 1));
    return millis(1 + random.nextInt(most));
  }

  private void startElection() {
    enter(term + 1);
    joins.clear();
    joins.add(self.name());
    transport.broadcast("START_JOIN " + term);
    electIfQuorum();
  }

  private void enter(long newTerm) {
    term = newTerm;
    disk.put(TERM, Long.toString(newTerm));
    mode = Mode.CANDIDATE;
    noMaster();
  }

  private void noMaster() {
    master = Optional.empty();
    masterSince = OptionalLong.empty();
  }

  private void electIfQuorum() {
    if (mode == Mode.CANDIDATE && quorum(joins)) {
      mode = Mode.LEADER;
      publish();
    }
  }

  private void publish() {
    acknowledged.clear();
    acknowledged.add(self.name());
    if (!bootstrapped()) {
      disk.put(CONFIG, String.join(",", config.initialMasters()));
    }
    transport.broadcast("PUBLISH " + term + " " + String.join(",", votingConfiguration()));
  }

  private void lead(long now) {
    Set<String> present = new LinkedHashSet<>(acknowledged);
    present.retainAll(discovered());
    if (!quorum(discovered())) {
      mode = Mode.CANDIDATE;
      noMaster();
    } else if (quorum(present) && master.isEmpty()) {
      become(self.name(), now);
      transport.broadcast("COMMIT " + term);
    }
  }

  private void follow(long now) {
    if (now - leaderHeardAt > LEADER_SILENCE) {
      mode = Mode.CANDIDATE;
      noMaster();
    }
  }

  private void become(String name, long now) {
    master = Optional.of(name);
    masterSince = OptionalLong.of(now);
    attempts = 0;
  }

  /** Once a second: followers ask after their leader, the leader tells who has come later. */
  void second() {
    if (mode == Mode.FOLLOWER) {
      master.ifPresent(name -> transport.send(name, "CHECK " + term));
    } else if (mode == Mode.LEADER) {
      transport.connected().stream()
          .filter(node -> !acknowledged.contains(node.name()))
          .forEach(
              node ->
                  transport.send(
                      node.name(),
                      "PUBLISH " + term + " " + String.join(",", votingConfiguration())));
    }
  }

  // ---- messages

  void received(Node from, String message, Channel<String> channel, long now) {
    List<String> words = Splitter.on(' ').splitToList(message);
    long theirs = Long.parseLong(words.get(1));
    switch (words.get(0)) {
      case "START_JOIN" -> startJoin(from, theirs);
      case "JOIN" -> joined(from, theirs);
      case "PUBLISH" -> published(from, theirs, words.get(2), channel);
      case "ACK" -> acknowledgedBy(from, theirs, channel);
      case "COMMIT" -> committed(from, theirs, now);
      case "CHECK" -> checked(theirs, channel);
      case "ALIVE" -> leaderHeardAt = now;
      default -> {
        // A newer release's word.
      }
    }
  }

  private void startJoin(Node candidate, long theirTerm) {
    boolean content = mode != Mode.CANDIDATE && master.isPresent();
    if (theirTerm > term && !content) {
      enter(theirTerm);
      transport.send(candidate.name(), "JOIN " + theirTerm);
    }
  }

  private void joined(Node voter, long theirTerm) {
    if (theirTerm == term) {
      joins.add(voter.name());
      electIfQuorum();
    }
  }

  private void published(Node leader, long theirTerm, String voters, Channel<String> channel) {
    boolean reachable =
        transport.connected().stream().anyMatch(node -> node.name().equals(leader.name()));
    if (theirTerm >= term && reachable) {
      if (theirTerm > term) {
        enter(theirTerm);
      }
      disk.put(CONFIG, voters);
      channel.send("ACK " + theirTerm);
    }
  }

  private void acknowledgedBy(Node node, long theirTerm, Channel<String> channel) {
    if (mode == Mode.LEADER && theirTerm == term) {
      acknowledged.add(node.name());
      if (master.isPresent()) {
        channel.send("COMMIT " + term);
      }
    }
  }

  private void committed(Node leader, long theirTerm, long now) {
    if (theirTerm == term && mode != Mode.LEADER) {
      mode = Mode.FOLLOWER;
      leaderHeardAt = now;
      if (!master.equals(Optional.of(leader.name()))) {
        become(leader.name(), now);
      }
    }
  }

  private void checked(long theirTerm, Channel<String> channel) {
    if (leads() && theirTerm == term) {
      channel.send("ALIVE " + term);
    }
  }

  /** A connection to a node is gone. */
  void disconnected(Node node) {
    acknowledged.remove(node.name());
    if (master.equals(Optional.of(node.name()))) {
      mode = Mode.CANDIDATE;
      noMaster();
    }
  }
}
