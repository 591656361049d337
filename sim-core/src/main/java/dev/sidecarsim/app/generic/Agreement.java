package dev.sidecarsim.app.generic;

import static dev.sidecarsim.time.Durations.millis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whom the members hold for their leader, by the beats that a member has heard of late. */
final class Agreement {

  /** Of a member that follows nobody. */
  static final String NOBODY = "-";

  /** Three beats missed. */
  private static final long PATIENCE = millis(3_500);

  private record Beat(long at, String leader) {}

  private final Map<String, Beat> beats = new LinkedHashMap<>();

  void heard(String pod, String leader, long now) {
    beats.put(pod, new Beat(now, leader));
  }

  private Optional<Beat> beat(String pod, long now) {
    return Optional.ofNullable(beats.get(pod)).filter(beat -> now - beat.at() <= PATIENCE);
  }

  /**
   * Who is to lead: the first of a member itself and those who beat.
   *
   * @param all the members in their order
   */
  String candidate(String self, List<String> all, Set<String> linked, long now) {
    return all.stream()
        .filter(pod -> pod.equals(self) || (linked.contains(pod) && beat(pod, now).isPresent()))
        .findFirst()
        .orElse(self);
  }

  /** How many of the linked members follow a leader. */
  int followers(String leader, Set<String> linked, long now) {
    return (int)
        linked.stream()
            .filter(pod -> beat(pod, now).filter(beat -> beat.leader().equals(leader)).isPresent())
            .count();
  }
}
