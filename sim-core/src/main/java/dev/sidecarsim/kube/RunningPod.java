package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pod of a running cluster, as the API server's status shows it. */
public final class RunningPod {

  private final Pod spec;
  private final Node node;
  private final ImmutableList<IpAddress> ips;
  private final NetworkNamespace namespace;
  private final long createdAt;
  private final Map<String, String> disk;
  private ImmutableList<ContainerSlot> init = ImmutableList.of();
  private ImmutableList<ContainerSlot> main = ImmutableList.of();
  private final List<Object> attachments = new ArrayList<>();
  private boolean published;
  private boolean terminating;
  private @Nullable Heard lastHeard;

  /** What a kubelet said last of a pod. */
  private record Heard(boolean ready, int readyContainers, String status) {}

  RunningPod(
      Pod spec,
      Node node,
      List<IpAddress> ips,
      NetworkNamespace namespace,
      long createdAt,
      Map<String, String> disk) {
    this.spec = spec;
    this.node = node;
    this.ips = ImmutableList.copyOf(ips);
    this.namespace = namespace;
    this.createdAt = createdAt;
    this.disk = disk;
  }

  void containers(List<ContainerSlot> initContainers, List<ContainerSlot> containers) {
    init = ImmutableList.copyOf(initContainers);
    main = ImmutableList.copyOf(containers);
  }

  /** The pod as the webhooks left it. */
  public Pod spec() {
    return spec;
  }

  public String name() {
    return spec.name();
  }

  public Node node() {
    return node;
  }

  /** The main address. */
  public IpAddress ip() {
    return ips.get(0);
  }

  /** All addresses, the main one first. */
  public ImmutableList<IpAddress> ips() {
    return ips;
  }

  /** The network namespace that its containers share. */
  public NetworkNamespace namespace() {
    return namespace;
  }

  /** When it was created, in nanoseconds since the start of the run. */
  public long createdAt() {
    return createdAt;
  }

  /** Whether its address is in its status, so that others can learn it. */
  public boolean published() {
    return published;
  }

  /** Whether it is being deleted. */
  public boolean terminating() {
    return terminating;
  }

  /** The condition Ready: every container that is to run is running and ready. */
  public boolean ready() {
    if (terminating) {
      return false;
    }
    return lastHeard != null
        ? lastHeard.ready()
        : published && running().allMatch(ContainerSlot::ready);
  }

  /** READY's first number: containers that are ready. */
  public int readyContainers() {
    return lastHeard != null
        ? lastHeard.readyContainers()
        : (int) running().filter(ContainerSlot::ready).count();
  }

  /** READY's second number: containers, native sidecars included. */
  public int containerCount() {
    return (int) running().count();
  }

  /** RESTARTS: of all containers together. */
  public int restarts() {
    return running().mapToInt(ContainerSlot::restarts).sum();
  }

  /** STATUS as {@code kubectl get pods} prints it: {@code Running}, {@code Init:0/1}, … */
  public String status() {
    return lastHeard != null && !terminating ? lastHeard.status() : PodStatus.of(this);
  }

  /** The present life of a container or init container; empty while it does not run. */
  public Optional<Container> container(String name) {
    return slot(name).flatMap(ContainerSlot::life).map(life -> life);
  }

  /** The containers that run now, init containers first. */
  public ImmutableList<Container> containers() {
    return slots().flatMap(slot -> slot.life().stream()).collect(ImmutableList.toImmutableList());
  }

  Optional<ContainerSlot> slot(String name) {
    return slots().filter(slot -> slot.spec().name().equals(name)).findFirst();
  }

  Stream<ContainerSlot> slots() {
    return Stream.concat(init.stream(), main.stream());
  }

  ImmutableList<ContainerSlot> init() {
    return init;
  }

  ImmutableList<ContainerSlot> main() {
    return main;
  }

  /** The containers that are to run all the time. */
  private Stream<ContainerSlot> running() {
    return Stream.concat(init.stream().filter(slot -> slot.spec().restartAlways()), main.stream());
  }

  /** Whether it has come to its end and will not start anything again. */
  boolean finished() {
    return published && !main.isEmpty() && main.stream().allMatch(ContainerSlot::finished);
  }

  /**
   * What its volumes keep while its containers come and go: texts by path. That of a StatefulSet
   * with claims outlives the pod.
   */
  public Map<String, String> disk() {
    return disk;
  }

  /** Notes what a network plugin has put into the pod, for those who ask for it. */
  public void attach(Object attachment) {
    attachments.add(attachment);
  }

  /** What a network plugin has put into the pod, by its type. */
  public <T> Optional<T> attachment(Class<T> type) {
    return attachments.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  void publish() {
    published = true;
  }

  /** Everything ends, with the kernel and the kubelet, which say nothing to anybody. */
  void losePower() {
    lastHeard = new Heard(ready(), readyContainers(), status());
    namespace.losePower();
    slots().forEach(ContainerSlot::killForGood);
  }

  /** The node controller takes the condition Ready away; the containers are shown as before. */
  void notReady() {
    if (lastHeard != null) {
      lastHeard = new Heard(false, lastHeard.readyContainers(), lastHeard.status());
    }
  }

  /** Whether its kubelet is not heard any more. */
  boolean lost() {
    return lastHeard != null;
  }

  /** It is to end: nothing in it starts again. */
  void terminate() {
    terminating = true;
    slots().forEach(ContainerSlot::startNoMore);
  }

  @Override
  public String toString() {
    return spec.meta().qualifiedName();
  }
}
