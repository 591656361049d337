package dev.sidecarsim.app.generic;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.time.Durations;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Who leads, as one member sees it: terms, one vote in each, a leader that is heard on and on,
 * after the Raft paper (Ongaro and Ousterhout, sections 5.2 and 6): a member that hears its leader
 * turns candidates away, and a leader that is not heard by enough steps down.
 */
final class Election {

  /** How the others are reached, and who wants to know. */
  interface Links {

    /** The members with which all links stand that must. */
    ImmutableSet<String> linked();

    /** Whether enough of them stand, and all else that a member needs. */
    boolean fit();

    /** How many members must be of one mind, this one included. */
    int needed();

    void send(String pod, String message);

    long now();
  }

  private static final String VOTE = "VOTE";
  private static final String GRANT = "GRANT";
  private static final String LEAD = "LEAD";
  private static final String FOLLOW = "FOLLOW";
  private static final String STALE = "STALE";

  /** So many beats without a word, and a leader that nobody elects counts as gone. */
  private static final int MISSED = 4;

  private final String self;
  private final Leadership leadership;
  private final Leadership.Elected timing;
  private final long beatNanos;
  private final boolean mayLead;
  private final Links links;
  private final GenericLog log;
  private final Random random;

  private long term;
  private Optional<String> vote = Optional.empty();
  private Optional<String> leader = Optional.empty();
  private final Set<String> granted = new HashSet<>();
  private final Map<String, Long> followers = new LinkedHashMap<>();
  private long heardAt;
  private long saidAt;
  private long patience;

  Election(Names names, ClusterDefinition definition, Links links, GenericLog log, Random random) {
    this.self = names.pod();
    this.leadership = definition.leadership();
    this.timing = timing(definition);
    this.beatNanos = definition.beatNanos();
    this.mayLead = !(leadership instanceof Leadership.First) || names.isFirst(names.pod());
    this.links = links;
    this.log = log;
    this.random = random;
    await(links.now());
    if (leadership instanceof Leadership.Lease) {
      patience = (long) (random.nextDouble() * definition.beatNanos());
    }
  }

  /** For how long a leader is waited for, from the last word of it on. */
  private static Leadership.Elected timing(ClusterDefinition definition) {
    if (definition.leadership() instanceof Leadership.Elected elected) {
      return elected;
    } else if (definition.leadership() instanceof Leadership.Lease lease) {
      return new Leadership.Elected(lease.nanos(), lease.nanos() + Durations.SECOND);
    }
    long missed = MISSED * definition.beatNanos();
    return new Leadership.Elected(missed, missed);
  }

  /** The member that leads, as far as this one knows. */
  Optional<String> leader() {
    return leader;
  }

  boolean leads() {
    return leader.equals(Optional.of(self));
  }

  /** Whether enough members are of one mind, and this one among them. */
  boolean settled() {
    if (leadership instanceof Leadership.None) {
      return links.fit();
    }
    return leads()
        ? followed() >= links.needed()
        : leader.filter(links.linked()::contains).isPresent() && !overdue();
  }

  /** What is to be done from time to time, at least once a beat. */
  void beat() {
    if (leadership instanceof Leadership.None) {
      return;
    }
    if (leads()) {
      if (!links.fit()
          || (links.now() - heardAt > timing.afterNanos() && followed() < links.needed())) {
        follow(Optional.empty());
      } else if (links.now() - saidAt >= beatNanos) {
        sayWhoLeads();
      }
    } else if (overdue()) {
      follow(Optional.empty());
      stand();
    }
  }

  private boolean overdue() {
    return links.now() - heardAt >= patience;
  }

  /** Asks for votes; a primary that the configuration names needs none. */
  private void stand() {
    if (!mayLead || !links.fit()) {
      return;
    }
    term++;
    vote = Optional.of(self);
    granted.clear();
    granted.add(self);
    if (leadership instanceof Leadership.First || granted.size() >= links.needed()) {
      lead();
    } else {
      log.stands(term);
      links.linked().forEach(pod -> links.send(pod, VOTE + " " + term));
    }
  }

  private void lead() {
    leader = Optional.of(self);
    followers.clear();
    heardAt = links.now();
    log.leads(term);
    sayWhoLeads();
  }

  private void sayWhoLeads() {
    saidAt = links.now();
    links.linked().forEach(pod -> links.send(pod, LEAD + " " + term));
  }

  private void follow(Optional<String> whom) {
    if (!leader.equals(whom)) {
      leader = whom;
      log.follows(whom, term);
    }
    await(links.now());
  }

  private void await(long now) {
    heardAt = now;
    patience =
        timing.afterNanos()
            + (long) (random.nextDouble() * (timing.atMostNanos() - timing.afterNanos()));
  }

  /** This member and those that have said of late that they follow it. */
  private int followed() {
    long since = links.now() - timing.afterNanos();
    return 1
        + (int)
            links.linked().stream()
                .filter(pod -> followers.getOrDefault(pod, Long.MIN_VALUE) >= since)
                .count();
  }

  /** Takes a message, if it is one of an election. */
  void heard(String from, String message) {
    List<String> words = Splitter.on(' ').splitToList(message);
    if (words.size() != 2) {
      return;
    }
    long said = Long.parseLong(words.get(1));
    switch (words.get(0)) {
      case VOTE -> asked(from, said);
      case LEAD -> led(from, said);
      case GRANT -> granted(from, said);
      case FOLLOW -> followers.put(from, links.now());
      case STALE -> outdated(said);
      default -> {
        // Not about who leads.
      }
    }
  }

  private void asked(String from, long said) {
    if (said < term) {
      links.send(from, STALE + " " + term);
    }
    if (leads() || bound(from) || !links.fit() || said < term) {
      return;
    }
    if (said > term) {
      term = said;
      vote = Optional.empty();
    }
    if (vote.isEmpty() || vote.equals(Optional.of(from))) {
      vote = Optional.of(from);
      await(links.now());
      links.send(from, GRANT + " " + term);
    }
  }

  /** Whether a leader was heard too lately for another; one that holds a lease may renew it. */
  private boolean bound(String candidate) {
    boolean renews =
        leadership instanceof Leadership.Lease && leader.equals(Optional.of(candidate));
    return leader.isPresent() && !renews && links.now() - heardAt < timing.afterNanos();
  }

  private void granted(String from, long said) {
    if (said == term && leader.isEmpty() && vote.equals(Optional.of(self))) {
      granted.add(from);
      if (granted.size() >= links.needed()) {
        lead();
      }
    }
  }

  private void led(String from, long said) {
    if (said < term) {
      links.send(from, STALE + " " + term);
      return;
    }
    term = said;
    follow(Optional.of(from));
    if (links.fit()) {
      links.send(from, FOLLOW + " " + term);
    }
  }

  private void outdated(long said) {
    if (said > term) {
      term = said;
      vote = Optional.empty();
      follow(Optional.empty());
    }
  }
}
