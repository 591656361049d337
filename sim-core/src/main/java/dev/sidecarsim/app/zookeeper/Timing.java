package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;

/**
 * The ticks and limits of a {@code zoo.cfg}, as QuorumPeerConfig takes or refuses them.
 *
 * @param tickMillis {@code tickTime} in milliseconds
 * @param initLimit ticks that a leader waits for its quorum, and a learner for its leader; a server
 *     that is alone needs none
 * @param syncLimit ticks after which a silent peer counts as gone
 * @param connectLimit {@code connectToLearnerMasterLimit}: ticks that a learner tries to connect
 *     for; as many as initLimit if 0
 * @param shortestSession {@code minSessionTimeout} in milliseconds
 * @param longestSession {@code maxSessionTimeout} in milliseconds
 */
public record Timing(
    int tickMillis,
    int initLimit,
    int syncLimit,
    int connectLimit,
    int shortestSession,
    int longestSession) {

  /** As charts and images set them. */
  static final Timing DEFAULT = of(2000, 10, 5);

  public Timing {
    if (tickMillis == 0) {
      throw Refusal.argument("tickTime 0 is no number above 0", "tickTime is not set");
    }
    if (shortestSession > longestSession) {
      throw Refusal.argument(
          "minSessionTimeout %d is longer than maxSessionTimeout %d (2 and 20 ticks, if not set)"
              .formatted(shortestSession, longestSession),
          "minSessionTimeout must not be larger than maxSessionTimeout");
    }
    if (tickMillis < 0 || initLimit < 0 || syncLimit < 0) {
      throw new IllegalArgumentException(
          "tickTime %d, initLimit %d, syncLimit %d: a server takes a limit below 0, but never comes"
                  .formatted(tickMillis, initLimit, syncLimit)
              + " to serve; give one above 0");
    }
  }

  /** With the limits for sessions that follow from the tick. */
  public static Timing of(int tickMillis, int initLimit, int syncLimit) {
    return new Timing(tickMillis, initLimit, syncLimit, 0, 2 * tickMillis, 20 * tickMillis);
  }

  /** As a server of an ensemble needs them. */
  void checkForQuorum() {
    if (initLimit == 0) {
      throw Refusal.argument("initLimit 0 is no number above 0", "initLimit is not set");
    }
    if (syncLimit == 0) {
      throw Refusal.argument("syncLimit 0 is no number above 0", "syncLimit is not set");
    }
  }

  /** {@code initLimit × tickTime} in nanoseconds. */
  long initNanos() {
    return millis((long) initLimit * tickMillis);
  }

  /** {@code syncLimit × tickTime} in nanoseconds. */
  long syncNanos() {
    return millis((long) syncLimit * tickMillis);
  }

  /** How long a learner tries to connect to its leader, in nanoseconds. */
  long connectNanos() {
    return connectLimit > 0 ? millis((long) connectLimit * tickMillis) : initNanos();
  }

  /** What a client's session gets for what it wishes, in milliseconds. */
  int sessionTimeout(int wished) {
    return Math.max(shortestSession, Math.min(longestSession, wished));
  }
}
