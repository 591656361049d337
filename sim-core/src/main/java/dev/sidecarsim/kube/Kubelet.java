package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Network;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;

/** What the kubelets of all nodes do: they start pods' containers in order, and ask them. */
final class Kubelet {

  private final Network network;
  private final ClusterSpec spec;
  private final Assumptions assumptions;
  private final Consumer<RunningPod> plugIn;
  private final Consumer<RunningPod> changed;
  private boolean keepsOutput;

  Kubelet(
      Network network,
      ClusterSpec spec,
      Assumptions assumptions,
      Consumer<RunningPod> plugIn,
      Consumer<RunningPod> changed) {
    this.network = network;
    this.spec = spec;
    this.assumptions = assumptions;
    this.plugIn = plugIn;
    this.changed = changed;
  }

  /** Keeps what containers write from their next start on. */
  void keepOutput() {
    keepsOutput = true;
  }

  Seed seed() {
    return network.seed();
  }

  long now() {
    return network.scheduler().now();
  }

  void after(long delayNanos, Runnable action) {
    network.scheduler().after(delayNanos, action);
  }

  void changed(RunningPod pod) {
    changed.accept(pod);
  }

  /** Makes the pod's containers, and starts them when the sandbox is there. */
  void run(RunningPod pod) {
    PodSpec podSpec = pod.spec().spec();
    Programs programs = new Programs(spec.programs(), assumptions, pod.spec());
    List<ContainerSlot> init = new ArrayList<>();
    for (ContainerSpec container : podSpec.initContainers()) {
      init.add(new ContainerSlot(pod, container, true, programs.ofInit(container), this));
    }
    List<ContainerSlot> main = new ArrayList<>();
    for (ContainerSpec container : podSpec.containers()) {
      main.add(new ContainerSlot(pod, container, false, programs.of(container), this));
    }
    pod.containers(init, main);
    Random random = seed().stream("pod " + pod);
    long sandbox = KubeTimings.drawn(KubeTimings.POD_START, KubeTimings.POD_START_JITTER, random);
    after(sandbox, () -> sandboxReady(pod));
  }

  private void sandboxReady(RunningPod pod) {
    if (pod.terminating()) {
      return;
    }
    if (!pod.spec().spec().hostNetwork()) {
      plugIn.accept(pod);
    }
    pod.publish();
    changed(pod);
    start(pod.slots().collect(ImmutableList.toImmutableList()), 0);
  }

  private void start(ImmutableList<ContainerSlot> slots, int index) {
    if (index < slots.size()) {
      slots.get(index).begin(() -> start(slots, index + 1));
    }
  }

  LiveContainer life(
      RunningPod pod, ContainerSpec container, Process process, int restarts, Random random) {
    return new LiveContainer(
        pod,
        container,
        process,
        EnvResolver.resolve(pod, container, spec.manifests(), assumptions),
        new MountedFiles(pod, spec.manifests(), assumptions).of(container),
        restarts,
        random,
        keepsOutput);
  }

  /** Runs a command beside a container. */
  void exec(LiveContainer life, ImmutableList<String> command, Consumer<ExecResult> done) {
    if (life.execHandler().filter(handler -> handler.exec(command, done)).isPresent()) {
      return;
    }
    NetcatCommand.parse(command, life.env())
        .ifPresentOrElse(
            netcat -> Netcat.run(netcat, life.process(), () -> assumeEcho(life), done),
            () -> {
              assume(life, "'" + oneLine(command) + "' is taken to succeed");
              done.accept(new ExecResult(0, ""));
            });
  }

  private static String oneLine(ImmutableList<String> command) {
    return String.join(" ", command).strip().replaceAll("\\s+", " ");
  }

  private void assume(LiveContainer life, String what) {
    assumptions.add("pod " + life.pod().name() + ", container " + life.spec().name() + ": " + what);
  }

  private void assumeEcho(LiveContainer life) {
    assume(life, "a probe that is echoed is taken to succeed");
  }

  /** Puts a probe's or hook's question. */
  void ask(Probe.Handler handler, LiveContainer life, long timeout, Consumer<Boolean> answered) {
    if (handler instanceof Probe.Exec exec) {
      askByCommand(exec, life, timeout, answered);
    } else if (handler instanceof Probe.HttpGet get) {
      boolean plain = !get.scheme().equals("HTTPS");
      String host = get.host().orElse(life.podIp().toString());
      if (!plain) {
        assume(life, "an HTTPS probe that is accepted is taken to succeed");
      }
      Bytes request = plain ? NetworkProbe.get(get, host) : Bytes.EMPTY;
      askByNetwork(life, host, get.port(), request, timeout, answered);
    } else if (handler instanceof Probe.TcpSocket tcp) {
      String host = tcp.host().orElse(life.podIp().toString());
      askByNetwork(life, host, tcp.port(), Bytes.EMPTY, timeout, answered);
    } else if (handler instanceof Probe.Grpc grpc) {
      assume(life, "a gRPC probe that is accepted is taken to succeed");
      PortRef port = PortRef.of(grpc.port());
      askByNetwork(life, life.podIp().toString(), port, Bytes.EMPTY, timeout, answered);
    } else if (handler instanceof Probe.Sleep sleep) {
      life.process().after(Durations.seconds(sleep.seconds()), () -> answered.accept(true));
    }
  }

  private void askByCommand(
      Probe.Exec exec, LiveContainer life, long timeout, Consumer<Boolean> answered) {
    boolean[] over = {false};
    Consumer<Boolean> once =
        success -> {
          if (!over[0]) {
            over[0] = true;
            answered.accept(success);
          }
        };
    exec(life, exec.command(), result -> once.accept(result.succeeded()));
    life.process().after(timeout, () -> once.accept(false));
  }

  private void askByNetwork(
      LiveContainer life,
      String host,
      PortRef port,
      Bytes request,
      long timeout,
      Consumer<Boolean> answered) {
    Process kubelet = life.runningPod().node().kubelet();
    List<IpAddress> found = kubelet.resolve(host);
    OptionalInt number = port.resolve(life.spec());
    if (found.isEmpty() || number.isEmpty()) {
      answered.accept(false);
      return;
    }
    Dial dial = Dial.to(new Endpoint(found.get(0), number.getAsInt())).within(timeout);
    NetworkProbe.ask(kubelet, dial, request, () -> assumeEcho(life), answered);
  }
}
