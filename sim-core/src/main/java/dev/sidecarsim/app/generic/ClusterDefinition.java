package dev.sidecarsim.app.generic;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A clustered application in the words that all of them share: listen, dial, whom to take calls
 * from, by which addresses members know each other, who leads, when it has formed, when to give up.
 *
 * @param image images that run it; no image for a definition by annotation
 * @param contact by which addresses members know each other
 * @param answered whether a link counts only once its greeting is answered
 * @param admission whom a port takes calls from that {@code admissions} has nothing for
 * @param beatNanos how often members say that they are there
 * @param status the command by which a member is asked what it is; empty for none
 * @param members how many there are
 */
public record ClusterDefinition(
    String title,
    Pattern image,
    ImmutableList<ListenSpec> listens,
    ImmutableList<DialSpec> dials,
    Contact contact,
    boolean answered,
    Admission admission,
    ImmutableMap<Integer, Admission> admissions,
    Formation formation,
    Leadership leadership,
    long beatNanos,
    Retry retry,
    Optional<GiveUp> giveUp,
    Optional<String> status,
    int members) {

  /**
   * Checks that the parts fit each other.
   *
   * @throws IllegalArgumentException if they do not, saying what would
   */
  public ClusterDefinition {
    ImmutableSet<Integer> ports = ports(listens);
    for (DialSpec dial : dials) {
      check(
          dial.who() == DialSpec.Who.EXTERNAL || ports.contains(dial.port()),
          "members dial " + dial.port() + ", on which none listens; add it to listen");
      check(
          dial.askAt().isEmpty() || ports.contains(dial.askAt().getAsInt()),
          "members ask at " + dial.askAt().orElse(0) + ", on which none listens; add it to listen");
    }
    for (int port : admissions.keySet()) {
      check(
          ports.contains(port),
          "accept names " + port + ", on which none listens; add it to listen");
    }
    check(
        2 * beatNanos <= soonest(leadership),
        "a leader that is missed before its second beat is due cannot stay; beat more often, or"
            + " elect later");
    check(
        soonest(leadership) == Long.MAX_VALUE
            || dials.stream().noneMatch(dial -> dial.who() == DialSpec.Who.TO_LEADER)
            || dials.stream().anyMatch(DialSpec::amongMembers),
        "nobody can be elected over links to the leader alone; add a dial among members, or"
            + " leader: first");
  }

  /** When a leader is missed, at the soonest; never where nobody is elected. */
  private static long soonest(Leadership leadership) {
    if (leadership instanceof Leadership.Elected elected) {
      return elected.afterNanos();
    }
    return leadership instanceof Leadership.Lease lease ? lease.nanos() : Long.MAX_VALUE;
  }

  private static void check(boolean right, String otherwise) {
    if (!right) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  public static DefinitionBuilder named(String title) {
    return new DefinitionBuilder(title);
  }

  /** The ports on which members listen, each once. */
  ImmutableSet<Integer> ports() {
    return ports(listens);
  }

  private static ImmutableSet<Integer> ports(ImmutableList<ListenSpec> listens) {
    return listens.stream().map(ListenSpec::port).collect(ImmutableSet.toImmutableSet());
  }

  /** Whom a port takes calls from. */
  Admission admission(int port) {
    return admissions.getOrDefault(port, admission);
  }
}
