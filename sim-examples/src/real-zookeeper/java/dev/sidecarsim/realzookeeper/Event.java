package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.sim.Fault;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Something that befalls a server, {@code second} seconds after the first one has started.
 *
 * @param victim the server's ordinal, or {@link #LEADER}
 */
record Event(int second, int victim, Deed deed) {

  /** The server that leads then; the first one where none does. */
  static final int LEADER = -1;

  static final String CONTAINER = "zookeeper";

  /** What befalls it. */
  interface Deed {
    void to(Cluster cluster, RunningPod victim, List<String> pods);
  }

  /** Its process is killed and stays dead. */
  static final Deed KILL = (cluster, victim, pods) -> cluster.killForGood(victim, CONTAINER);

  /** A killed one starts again. */
  static final Deed REVIVE = (cluster, victim, pods) -> cluster.revive(victim, CONTAINER);

  /** Its pod goes; the controller makes another. */
  static final Deed DELETE = (cluster, victim, pods) -> cluster.delete(victim);

  /** Nothing passes its cable, and nobody is told. */
  static final Deed CUT = breaks((cluster, victim) -> new Fault.Cut());

  /** The cable is whole again. */
  static final Deed MEND = mends((cluster, victim) -> new Fault.Cut());

  /** What it sends is lost. */
  static final Deed MUTE = breaks((cluster, victim) -> new Fault.Mute(victim.namespace().name()));

  /** Nothing passes between it and another server. */
  static Deed apart(int other) {
    return (cluster, victim, pods) ->
        breaks((same, one) -> new Fault.Between(one.ips(), pod(same, pods.get(other)).ips()))
            .to(cluster, victim, pods);
  }

  /** What it sends to another server is lost. */
  static Deed unheard(int other) {
    return (cluster, victim, pods) ->
        breaks((same, one) -> new Fault.OneWay(one.ips(), pod(same, pods.get(other)).ips()))
            .to(cluster, victim, pods);
  }

  private static Deed breaks(BiFunction<Cluster, RunningPod, Fault> fault) {
    return (cluster, victim, pods) ->
        cluster
            .network()
            .segmentsOf(victim.namespace())
            .forEach(cable -> cable.inject(fault.apply(cluster, victim)));
  }

  private static Deed mends(BiFunction<Cluster, RunningPod, Fault> fault) {
    return (cluster, victim, pods) ->
        cluster
            .network()
            .segmentsOf(victim.namespace())
            .forEach(cable -> cable.heal(fault.apply(cluster, victim)));
  }

  private static RunningPod pod(Cluster cluster, String name) {
    return cluster.pod("default", name).orElseThrow();
  }

  /** Whether a server runs in a pod. */
  static boolean runs(Cluster cluster, String pod) {
    return cluster.pod("default", pod).flatMap(found -> found.container(CONTAINER)).isPresent();
  }

  /**
   * Does it.
   *
   * @param roles what the servers are now, one letter each
   */
  void happen(Cluster cluster, List<String> pods, String roles) {
    int ordinal = victim == LEADER ? Math.max(roles.indexOf('L'), 0) : victim;
    deed.to(cluster, pod(cluster, pods.get(ordinal)), pods);
  }
}
