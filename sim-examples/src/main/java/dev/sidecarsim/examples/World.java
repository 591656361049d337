package dev.sidecarsim.examples;

import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.failure.Harm;
import dev.sidecarsim.app.known.KnownApplications;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ClusterException;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.kube.GuestMachine;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.kube.PodSpec;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.trace.Story;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One run of an experiment, asked as the commands ask it. */
final class World {

  /** How long a command may take, in nanoseconds; zkServer.sh gives up sooner. */
  private static final long COMMAND_LIMIT = Durations.seconds(60);

  private final Simulation<Cluster> run;

  World(Simulation<Cluster> run) {
    this.run = run;
  }

  Simulation<Cluster> run() {
    return run;
  }

  Cluster cluster() {
    return run.world();
  }

  long now() {
    return run.now();
  }

  void runUntil(int seconds) {
    run.runUntil(Durations.seconds(seconds));
  }

  void runFor(long nanos) {
    run.runFor(nanos);
  }

  World fork() {
    return new World(run.fork());
  }

  /**
   * A pod.
   *
   * @throws BadInput if there is none of this name
   */
  RunningPod pod(PodName name) {
    try {
      return cluster().find(name);
    } catch (ClusterException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  /**
   * How a person names a pod.
   *
   * @throws BadInput if it is no name
   */
  static PodName podName(String text) {
    try {
      return PodName.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The container that is named, of whatever kind, else the pod's first that is no init container.
   */
  ContainerSpec container(PodName name) {
    PodSpec pod = pod(name).spec().spec();
    List<ContainerSpec> all =
        Stream.concat(pod.containers().stream(), pod.initContainers().stream()).toList();
    return all.stream()
        .filter(spec -> name.container().map(spec.name()::equals).orElse(true))
        .findFirst()
        .orElseThrow(() -> noContainer(name, all));
  }

  private static BadInput noContainer(PodName name, List<ContainerSpec> all) {
    return new BadInput(
        "pod %s has no container '%s'; it has %s"
            .formatted(
                name.pod(),
                name.container().orElse(""),
                all.stream().map(ContainerSpec::name).collect(Collectors.joining(", "))));
  }

  /** A fresh program beside the container's own, with its user and group or those given. */
  Process program(PodName name, Optional<Integer> uid, Optional<Integer> gid) {
    RunningPod pod = pod(name);
    ContainerSpec container = container(name);
    SocketOwner owner =
        new SocketOwner(
            uid.orElse(pod.spec().spec().uidOf(container)),
            gid.orElse(pod.spec().spec().gidOf(container)));
    return pod.namespace().process(container.name(), owner);
  }

  /**
   * A program in a machine inside a pod.
   *
   * @param iface the pod's interface on which the machine hangs
   * @throws BadInput if the pod has this interface for itself
   */
  Process guest(PodName name, String iface) {
    try {
      return GuestMachine.behind(pod(name), iface, run.network())
          .process("guest", SocketOwner.ROOT);
    } catch (IllegalArgumentException e) {
      throw new BadInput("--via " + iface + ": " + e.getMessage());
    }
  }

  /** The address of a pod, or of a name as the program resolves it. */
  IpAddress address(Process from, String host) {
    if (IpAddress.isLiteral(host)) {
      return IpAddress.of(host);
    }
    List<IpAddress> named = from.resolve(host);
    if (!named.isEmpty()) {
      return named.get(0);
    }
    try {
      return cluster().find(PodName.parse(host)).ip();
    } catch (ClusterException | IllegalArgumentException e) {
      Optional<String> refused =
          cluster().denials().stream()
              .filter(text -> text.startsWith("pod " + host + " "))
              .findFirst();
      if (refused.isPresent()) {
        throw new BadInput(refused.get());
      }
      throw new UnknownHost(host, from.namespace().name());
    }
  }

  /** The pods that a connection passed, the caller's first. */
  Stream<RunningPod> pods(Story story, PodName caller) {
    Set<String> subjects = new LinkedHashSet<>();
    subjects.add(pod(caller).namespace().name());
    story.steps().forEach(entry -> subjects.add(entry.step().subject()));
    return subjects.stream()
        .flatMap(
            subject ->
                cluster().pods().stream().filter(pod -> pod.namespace().name().equals(subject)));
  }

  /** Follows one connection of a program to its end. */
  Story trace(Process from, Endpoint to, Bytes bytes) {
    return ConnectionProbe.run(run.network(), from, to, bytes);
  }

  /** Runs a command in a container to its end, as {@code kubectl exec} does. */
  ExecResult exec(PodName name, List<String> command) {
    List<ExecResult> results = new ArrayList<>();
    try {
      cluster().exec(pod(name), container(name).name(), command, results::add);
    } catch (ClusterException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
    await(results);
    return results.get(0);
  }

  /** Runs the network until something has come. */
  void await(List<?> results) {
    long limit = now() + COMMAND_LIMIT;
    while (results.isEmpty() && now() < limit) {
      run.runFor(Durations.MILLISECOND);
    }
    if (results.isEmpty()) {
      throw new IllegalStateException("a command did not end within its own time limit");
    }
  }

  /**
   * The application of this name, or the only one.
   *
   * @throws BadInput if there is none, or several and no name
   */
  ClusteredApp application(Optional<String> name) {
    List<ClusteredApp> all = applications();
    List<ClusteredApp> found =
        all.stream().filter(app -> name.map(app::answersTo).orElse(true)).toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    String names = String.join(", ", all.stream().map(ClusteredApp::name).toList());
    if (all.isEmpty()) {
      throw new BadInput(
          "the manifests hold no clustered application that is modelled: "
              + String.join(", ", KnownApplications.titles()));
    }
    throw new BadInput(
        name.map(wanted -> "there is no application '" + wanted + "'; there is " + names)
            .orElse("there are several applications; choose with --app one of " + names));
  }

  List<ClusteredApp> applications() {
    return KnownApplications.in(cluster());
  }

  /** Does something to the cluster, now. */
  void perform(Consumer<Cluster> action) {
    run.perform(action);
  }

  /** Kills the program of a pod's first container; the kubelet starts it again. */
  void kill(String podName) {
    Harm.kill().strike(run, List.of(podName));
  }

  /** Deletes a pod, if there is one; what made it makes another. */
  void delete(String podName) {
    run.perform(cluster -> podOf(cluster, podName).ifPresent(cluster::delete));
  }

  /** A pod by its bare name, in whichever namespace it is. */
  Optional<RunningPod> podOf(String podName) {
    return podOf(cluster(), podName);
  }

  private static Optional<RunningPod> podOf(Cluster cluster, String podName) {
    return cluster.pods().stream().filter(pod -> pod.name().equals(podName)).findFirst();
  }
}
