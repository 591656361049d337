package dev.sidecarsim.examples;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a failure does to its victims, by the simulation's own means. */
sealed interface Harm {

  /**
   * Does it now.
   *
   * @return what puts it right, at a later moment
   * @throws BadInput if a victim is not there
   */
  Consumer<Cluster> strike(World world, List<String> victims);

  /**
   * A process gets SIGKILL.
   *
   * @param container whose; empty for the one that the victim names, else the pod's first
   * @param forGood whether it stays dead; else the kubelet starts it again
   */
  record Kill(Optional<String> container, boolean forGood) implements Harm {
    @Override
    public Consumer<Cluster> strike(World world, List<String> victims) {
      PodName victim = World.podName(victims.get(0));
      PodName process = new PodName(victim.pod(), container.or(victim::container));
      Programs one = Programs.of(world.pod(victim), List.of(world.container(process).name()));
      world.perform(cluster -> one.each(cluster, forGood ? Cluster::killForGood : Cluster::kill));
      return cluster -> one.each(cluster, Cluster::revive);
    }
  }

  /** A pod goes; its controller makes another, with another address and an empty disk. */
  record Delete() implements Harm {
    @Override
    public Consumer<Cluster> strike(World world, List<String> victims) {
      PodName name = World.podName(victims.get(0));
      world.pod(name);
      world.perform(cluster -> cluster.delete(cluster.find(name)));
      return cluster -> {};
    }
  }

  /**
   * The cable of a pod has a fault.
   *
   * @param fault the fault, for the pod it befalls
   */
  record Cable(Function<RunningPod, Fault> fault) implements Harm {
    @Override
    public Consumer<Cluster> strike(World world, List<String> victims) {
      RunningPod pod = world.pod(World.podName(victims.get(0)));
      return Breaks.make(world, Breaks.on(world, pod, fault.apply(pod)));
    }
  }

  /** Nothing passes between any two of the victims. */
  record Partition() implements Harm {
    @Override
    public Consumer<Cluster> strike(World world, List<String> victims) {
      List<RunningPod> pods =
          victims.stream().map(victim -> world.pod(World.podName(victim))).toList();
      List<Breaks.Break> breaks = new ArrayList<>();
      for (RunningPod one : pods) {
        for (RunningPod other : pods.subList(pods.indexOf(one) + 1, pods.size())) {
          Fault fault = new Fault.Between(one.ips(), other.ips());
          breaks.addAll(Breaks.on(world, one, fault));
          breaks.addAll(Breaks.on(world, other, fault));
        }
      }
      return Breaks.make(world, breaks);
    }
  }

  /** What the first victim sends to the others is lost; what they send to it arrives. */
  record OneWay() implements Harm {
    @Override
    public Consumer<Cluster> strike(World world, List<String> victims) {
      List<RunningPod> pods =
          victims.stream().map(victim -> world.pod(World.podName(victim))).toList();
      List<IpAddress> others = pods.stream().skip(1).flatMap(pod -> pod.ips().stream()).toList();
      return Breaks.make(
          world, Breaks.on(world, pods.get(0), new Fault.OneWay(pods.get(0).ips(), others)));
    }
  }

  /**
   * A machine loses its power: all programs end, and no FIN gets out, then or later. When it is
   * back, the kubelet makes its pods' sandboxes anew. The victim is a node with all of its pods, or
   * one pod as if it had a machine of its own.
   */
  record PowerCut() implements Harm {
    @Override
    public Consumer<Cluster> strike(World world, List<String> victims) {
      List<RunningPod> pods = podsOf(world, victims.get(0));
      Breaks.make(
          world,
          pods.stream().flatMap(pod -> Breaks.on(world, pod, new Fault.Cut()).stream()).toList());
      List<ObjectMeta> victimPods = pods.stream().map(pod -> pod.spec().meta()).toList();
      world.perform(cluster -> each(cluster, victimPods, Cluster::losePower));
      return cluster -> each(cluster, victimPods, Cluster::restartSandbox);
    }

    private static void each(
        Cluster cluster, List<ObjectMeta> pods, BiConsumer<Cluster, RunningPod> deed) {
      for (ObjectMeta pod : pods) {
        cluster.pod(pod.namespace(), pod.name()).ifPresent(found -> deed.accept(cluster, found));
      }
    }

    private static List<RunningPod> podsOf(World world, String victim) {
      List<RunningPod> onNode =
          world.cluster().pods().stream().filter(pod -> pod.node().name().equals(victim)).toList();
      return onNode.isEmpty() ? List.of(world.pod(World.podName(victim))) : onNode;
    }
  }

  /** Some containers of a pod, by name: a replayed run finds its own. */
  record Programs(ObjectMeta pod, List<String> containers) {

    /** What a cluster does to a container. */
    interface Deed {
      void to(Cluster cluster, RunningPod pod, String container);
    }

    static Programs of(RunningPod pod, List<String> containers) {
      return new Programs(pod.spec().meta(), containers);
    }

    Optional<RunningPod> pod(Cluster cluster) {
      return cluster.pod(pod.namespace(), pod.name());
    }

    /** Does it to each of them, unless the pod is gone. */
    void each(Cluster cluster, Deed deed) {
      pod(cluster).ifPresent(found -> containers.forEach(name -> deed.to(cluster, found, name)));
    }
  }
}
