package dev.sidecarsim.app.generic;

import dev.sidecarsim.time.Durations;

/** How the members come to have a leader. */
public sealed interface Leadership {

  /** The member with the ordinal 0, always: a primary that the configuration names. */
  Leadership FIRST = new First();

  /** All members are alike. */
  Leadership NONE = new None();

  /** The member with the ordinal 0. */
  record First() implements Leadership {}

  /** Nobody leads. */
  record None() implements Leadership {}

  /**
   * Whoever is first, for as long as it renews its lease: the others wait for so long from the last
   * renewal on that they heard of, and start with an election, as Patroni does on its store's key.
   */
  record Lease(long nanos) implements Leadership {}

  /**
   * Who has waited for a leader for so long asks the others for their votes, as in Raft; a time
   * between the two is drawn for each wait. A leader that does not hear from enough of them for the
   * shorter time gives up.
   */
  record Elected(long afterNanos, long atMostNanos) implements Leadership {

    /** The time-out of etcd and of many others, which wait for one to two times so long. */
    static final Elected USUAL = new Elected(Durations.SECOND, 2 * Durations.SECOND);

    public Elected {
      if (afterNanos <= 0 || atMostNanos < afterNanos) {
        throw new IllegalArgumentException(
            "an election after "
                + afterNanos
                + " ns, at most "
                + atMostNanos
                + " ns, is none; give a time above 0 and a longest that is not shorter");
      }
    }
  }
}
