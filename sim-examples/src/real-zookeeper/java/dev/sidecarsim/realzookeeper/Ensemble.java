package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.kube.Cluster;
import java.util.function.Consumer;

/** Servers that run, real ones or the model's. */
interface Ensemble {

  /** Lets them run until so many seconds after the first one started. */
  void runUntil(int second) throws InterruptedException;

  /** What srvr says now. */
  Outcome outcome() throws InterruptedException;

  /** Does something to the cluster they run in. */
  void perform(Consumer<Cluster> action);

  /** What they are when one of them leads, or after some time in which none did. */
  default String rolesOnceLed(int second) throws InterruptedException {
    String roles = outcome().roles();
    for (int i = 1; i <= 15 && roles.indexOf('L') < 0; i++) {
      runUntil(second + i);
      roles = outcome().roles();
    }
    return roles;
  }

  /** Lets everything happen that belongs to a scenario, and says how it ends. */
  default Outcome play(Scenario scenario, int seconds) throws InterruptedException {
    for (Event event : scenario.events()) {
      runUntil(event.second());
      String roles = event.victim() == Event.LEADER ? rolesOnceLed(event.second()) : "";
      perform(cluster -> event.happen(cluster, scenario.pods(), roles));
    }
    runUntil(seconds);
    return outcome();
  }
}
