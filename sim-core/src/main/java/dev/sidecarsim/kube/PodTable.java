package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Network;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The pods that there are: made through the webhooks, given an address and a node, deleted. */
final class PodTable {

  private final Network network;
  private final ClusterSpec spec;
  private final AddressPlan addresses;
  private final ImmutableList<Node> nodes;
  private final Kubelet kubelet;
  private final Consumer<RunningPod> born;
  private final Consumer<RunningPod> unplug;
  private final Map<String, RunningPod> pods = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> claims = new LinkedHashMap<>();
  private final Set<String> denials = new LinkedHashSet<>();

  PodTable(
      Network network,
      ClusterSpec spec,
      AddressPlan addresses,
      ImmutableList<Node> nodes,
      Kubelet kubelet,
      Consumer<RunningPod> born,
      Consumer<RunningPod> unplug) {
    this.network = network;
    this.spec = spec;
    this.addresses = addresses;
    this.nodes = nodes;
    this.kubelet = kubelet;
    this.born = born;
    this.unplug = unplug;
  }

  ImmutableList<RunningPod> all() {
    return ImmutableList.copyOf(pods.values());
  }

  Optional<RunningPod> get(String namespace, String name) {
    return Optional.ofNullable(pods.get(namespace + "/" + name));
  }

  /** What webhooks said to the pods that they refused. */
  ImmutableList<String> denials() {
    return ImmutableList.copyOf(denials);
  }

  /** Makes a pod, unless a webhook refuses it. */
  void create(Pod wanted) {
    Pod pod = wanted;
    for (PodAdmission admission : spec.admissions()) {
      PodAdmission.Admission answer =
          admission.admit(pod, spec.manifests().namespace(pod.namespace()));
      if (answer instanceof PodAdmission.Denied denied) {
        denials.add("pod " + pod.name() + " is refused: " + denied.reason());
        return;
      }
      pod = ((PodAdmission.Admitted) answer).pod();
    }
    run(place(pod, diskOf(pod)));
  }

  private void run(RunningPod pod) {
    pods.put(key(pod), pod);
    born.accept(pod);
    kubelet.run(pod);
  }

  /** A disk of its own, or the one that belongs to its name. */
  private Map<String, String> diskOf(Pod pod) {
    boolean claimed =
        spec.manifests().statefulSets().stream()
            .filter(StatefulSet::claims)
            .filter(set -> set.meta().namespace().equals(pod.namespace()))
            .anyMatch(
                set ->
                    pod.owner().equals(Optional.of(new Pod.Owner(set.kind(), set.meta().name()))));
    return claimed
        ? claims.computeIfAbsent(pod.meta().qualifiedName(), name -> new LinkedHashMap<>())
        : new LinkedHashMap<>();
  }

  private RunningPod place(Pod pod, Map<String, String> disk) {
    Node node = nodeOf(pod);
    long now = network.scheduler().now();
    if (pod.spec().hostNetwork()) {
      return new RunningPod(pod, node, List.of(node.ip()), node.namespace(), now, disk);
    }
    List<IpAddress> ips = pod.ips().isEmpty() ? List.of(addresses.pod()) : pod.ips();
    NetworkNamespace namespace = node.addPod(namespaceName(pod), ips);
    nodes.stream().filter(other -> other != node).forEach(other -> other.routeVia(node, ips));
    return new RunningPod(pod, node, ips, namespace, now, disk);
  }

  private Node nodeOf(Pod pod) {
    return nodes.stream()
        .filter(node -> pod.spec().nodeName().equals(Optional.of(node.name())))
        .findFirst()
        .orElse(nodes.get(0));
  }

  /** The pod's name where it is free, so that stories read well; else the qualified one. */
  private String namespaceName(Pod pod) {
    boolean taken =
        network.namespaces().stream().anyMatch(other -> other.name().equals(pod.name()));
    return taken ? pod.meta().qualifiedName() : pod.name();
  }

  /** Marks a pod as deleted; it is gone once its kubelet has ended its programs and says so. */
  void delete(RunningPod pod, Runnable gone) {
    if (pod.terminating()) {
      return;
    }
    pod.terminate();
    kubelet.changed(pod);
    if (!pod.lost()) {
      new Termination(pod, kubelet, () -> remove(pod, gone)).begin();
    }
  }

  /**
   * Gives a pod another sandbox, as the kubelet does when its machine has started anew: another
   * address, the same volumes, and its containers from the first on. One that was deleted meanwhile
   * is gone.
   */
  void renew(RunningPod pod, Runnable gone) {
    if (pod.terminating()) {
      remove(pod, gone);
      return;
    }
    pod.terminate();
    if (!pod.spec().spec().hostNetwork()) {
      network.remove(pod.namespace());
    }
    run(place(pod.spec(), pod.disk()));
    kubelet.changed(pod);
  }

  private void remove(RunningPod pod, Runnable gone) {
    if (pods.remove(key(pod), pod)) {
      if (!pod.spec().spec().hostNetwork()) {
        unplug.accept(pod);
        network.remove(pod.namespace());
      }
      gone.run();
    }
  }

  private static String key(RunningPod pod) {
    return pod.spec().namespace() + "/" + pod.name();
  }

  /** The names of pods, for messages. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    pods.values().forEach(pod -> names.add(pod.toString()));
    return names;
  }
}
