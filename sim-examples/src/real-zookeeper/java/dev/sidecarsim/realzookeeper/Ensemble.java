package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.kube.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Servers that run, real ones or the model's. */
interface Ensemble {

  /** How often servers are asked whether they serve again. */
  int GLANCE_MILLIS = 50;

  /** How long a scenario's leader is waited for. */
  int PATIENCE_MILLIS = 15_000;

  /** How long nobody changes where nobody is about to. */
  int SETTLED_MILLIS = 1_000;

  /**
   * What came of a scenario.
   *
   * @param steps what the servers are at its end, and before each event if that is asked for
   * @param recovery milliseconds from the first event that befell a serving ensemble until one
   *     serves again; empty if it never ceased to, or did not again
   */
  record Course(List<Outcome> steps, OptionalLong recovery) {
    @Override
    public String toString() {
      return steps.stream().map(Outcome::toString).collect(Collectors.joining(" "));
    }
  }

  /** Lets them run until so many milliseconds after the first one started. */
  void runUntil(long millis) throws InterruptedException;

  /** Milliseconds since the first one started. */
  long now();

  /** What srvr says now. */
  Outcome outcome() throws InterruptedException;

  /** Does something to the cluster they run in. */
  void perform(Consumer<Cluster> action);

  /** What they are when one of them leads, or after some time in which none did. */
  default String rolesOnceLed() throws InterruptedException {
    long end = now() + PATIENCE_MILLIS;
    String roles = outcome().roles();
    while (now() < end && roles.indexOf('L') < 0) {
      runUntil(now() + GLANCE_MILLIS);
      roles = outcome().roles();
    }
    return roles;
  }

  /** Lets everything happen that belongs to a scenario, and says how it ends. */
  default Course play(Scenario scenario, int seconds) throws InterruptedException {
    Recovery recovery = new Recovery();
    List<Outcome> steps = new ArrayList<>();
    for (Event event : scenario.events()) {
      watch(recovery, 1000L * event.second());
      if (scenario.stepwise()) {
        steps.add(settled());
      }
      String roles = event.victim() == Event.LEADER ? rolesOnceLed() : outcome().roles();
      recovery.begin(roles, now());
      perform(cluster -> event.happen(cluster, scenario.pods(), roles));
    }
    watch(recovery, 1000L * Math.max(seconds, scenario.seconds()));
    steps.add(settled());
    return new Course(steps, recovery.millis());
  }

  /** What they are once they have been the same for a while: not while one steps down or up. */
  private Outcome settled() throws InterruptedException {
    long end = now() + PATIENCE_MILLIS;
    Outcome last = outcome();
    long since = now();
    while (now() < end && now() < since + SETTLED_MILLIS) {
      runUntil(now() + 4 * GLANCE_MILLIS);
      Outcome next = outcome();
      since = next.roles().equals(last.roles()) ? since : now();
      last = next;
    }
    return last;
  }

  private void watch(Recovery recovery, long until) throws InterruptedException {
    while (recovery.open() && now() < until) {
      runUntil(Math.min(until, now() + GLANCE_MILLIS));
      recovery.look(outcome().roles(), now());
    }
    runUntil(until);
  }
}
