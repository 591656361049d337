package dev.sidecarsim.app.failure;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Fault;
import dev.sidecarsim.sim.Simulation;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What a failure does to its victims, by the simulation's own means. */
public sealed interface Harm {

  /** SIGKILL for a program; its kubelet starts it again. */
  static Harm kill() {
    return new Kill(Optional.empty(), false);
  }

  /** Nothing passes the pod's cable, and nobody is told. */
  static Harm cut() {
    return new Cable(new Fault.Cut());
  }

  /**
   * Does it now.
   *
   * @param victims pods by name, or a node
   * @return what puts it right, at a later moment
   * @throws dev.sidecarsim.kube.ClusterException if a victim is not there
   */
  Consumer<Cluster> strike(Simulation<Cluster> run, List<String> victims);

  /** Whether it is between two victims or more; else it befalls one. */
  default boolean hasSides() {
    return false;
  }

  private static RunningPod find(Simulation<Cluster> run, String victim) {
    return run.world().find(PodName.parse(victim));
  }

  private static List<RunningPod> find(Simulation<Cluster> run, List<String> victims) {
    return victims.stream().map(victim -> find(run, victim)).toList();
  }

  /**
   * A process gets SIGKILL.
   *
   * @param container whose; empty for the one that the victim names, else the pod's first
   * @param forGood whether it stays dead; else the kubelet starts it again
   */
  record Kill(Optional<String> container, boolean forGood) implements Harm {

    private interface Deed {
      void to(Cluster cluster, RunningPod pod, String container);
    }

    @Override
    public Consumer<Cluster> strike(Simulation<Cluster> run, List<String> victims) {
      PodName victim = PodName.parse(victims.get(0));
      PodName named = new PodName(victim.pod(), container.or(victim::container));
      RunningPod pod = run.world().find(named);
      String program =
          named.container().orElseGet(() -> pod.spec().spec().containers().get(0).name());
      ObjectMeta meta = pod.spec().meta();
      run.perform(
          cluster -> each(cluster, meta, program, forGood ? Cluster::killForGood : Cluster::kill));
      return cluster -> each(cluster, meta, program, Cluster::revive);
    }

    private static void each(Cluster cluster, ObjectMeta pod, String program, Deed deed) {
      cluster.pod(pod.namespace(), pod.name()).ifPresent(found -> deed.to(cluster, found, program));
    }
  }

  /** A pod is deleted; its controller makes another, with another address. */
  record Delete() implements Harm {
    @Override
    public Consumer<Cluster> strike(Simulation<Cluster> run, List<String> victims) {
      PodName name = PodName.parse(victims.get(0));
      find(run, victims.get(0));
      run.perform(cluster -> cluster.delete(cluster.find(name)));
      return cluster -> {};
    }
  }

  /** The cable of a pod has a fault, such as a delay or a loss. */
  record Cable(Fault fault) implements Harm {
    @Override
    public Consumer<Cluster> strike(Simulation<Cluster> run, List<String> victims) {
      return Breaks.make(run, Breaks.on(run, find(run, victims.get(0)), fault));
    }
  }

  /** What a pod sends is lost. */
  record Mute() implements Harm {
    @Override
    public Consumer<Cluster> strike(Simulation<Cluster> run, List<String> victims) {
      RunningPod pod = find(run, victims.get(0));
      return Breaks.make(run, Breaks.on(run, pod, new Fault.Mute(pod.namespace().name())));
    }
  }

  /** Nothing passes between any two of the victims. */
  record Partition() implements Harm {
    @Override
    public boolean hasSides() {
      return true;
    }

    @Override
    public Consumer<Cluster> strike(Simulation<Cluster> run, List<String> victims) {
      List<RunningPod> pods = find(run, victims);
      ImmutableList.Builder<Breaks.Break> breaks = ImmutableList.builder();
      for (RunningPod one : pods) {
        for (RunningPod other : pods.subList(pods.indexOf(one) + 1, pods.size())) {
          Fault fault = new Fault.Between(one.ips(), other.ips());
          breaks.addAll(Breaks.on(run, one, fault)).addAll(Breaks.on(run, other, fault));
        }
      }
      return Breaks.make(run, breaks.build());
    }
  }

  /** What the first victim sends to the others is lost; what they send to it arrives. */
  record OneWay() implements Harm {
    @Override
    public boolean hasSides() {
      return true;
    }

    @Override
    public Consumer<Cluster> strike(Simulation<Cluster> run, List<String> victims) {
      List<RunningPod> pods = find(run, victims);
      List<IpAddress> others = pods.stream().skip(1).flatMap(pod -> pod.ips().stream()).toList();
      Fault fault = new Fault.OneWay(pods.get(0).ips(), others);
      return Breaks.make(run, Breaks.on(run, pods.get(0), fault));
    }
  }

  /**
   * A machine loses its power: all programs end, and no FIN gets out, then or later. When it is
   * back, the kubelet makes its pods' sandboxes anew. The victim is a node with all of its pods, or
   * one pod as if it had a machine of its own.
   */
  record PowerCut() implements Harm {
    @Override
    public Consumer<Cluster> strike(Simulation<Cluster> run, List<String> victims) {
      List<RunningPod> pods = podsOf(run, victims.get(0));
      Breaks.make(
          run,
          pods.stream().flatMap(pod -> Breaks.on(run, pod, new Fault.Cut()).stream()).toList());
      List<ObjectMeta> metas = pods.stream().map(pod -> pod.spec().meta()).toList();
      run.perform(cluster -> each(cluster, metas, Cluster::losePower));
      return cluster -> each(cluster, metas, Cluster::restartSandbox);
    }

    private static void each(
        Cluster cluster, List<ObjectMeta> pods, BiConsumer<Cluster, RunningPod> deed) {
      for (ObjectMeta pod : pods) {
        cluster.pod(pod.namespace(), pod.name()).ifPresent(found -> deed.accept(cluster, found));
      }
    }

    private static List<RunningPod> podsOf(Simulation<Cluster> run, String victim) {
      List<RunningPod> onNode =
          run.world().pods().stream().filter(pod -> pod.node().name().equals(victim)).toList();
      return onNode.isEmpty() ? List.of(find(run, victim)) : onNode;
    }
  }
}
