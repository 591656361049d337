package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.host.IpStep;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Endpoints;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.kube.Service;
import dev.sidecarsim.kube.ServicePort;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.render.ServiceGraph;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Draws who can reach which Service, by trying: one pod of each workload calls every TCP port of
 * every Service, a headless Service at each of its pods but itself, any other at its own address
 * until each of its pods was drawn. An edge is drawn where a call got through, with a padlock if
 * every such call left the caller's pod inside mutual TLS.
 */
final class GraphMaker {

  /**
   * Enough calls for kube-proxy, which draws a pod for each, to have drawn each of n: it misses one
   * in n times e^-16.
   */
  private static final int CALLS_FOR_EACH = 16;

  private final World world;

  /** The world is changed by the calls: give a fork. */
  GraphMaker(World world) {
    this.world = world;
  }

  ServiceGraph draw() {
    ImmutableList.Builder<ServiceGraph.Edge> edges = ImmutableList.builder();
    callers()
        .forEach(
            (workload, pod) ->
                world
                    .cluster()
                    .services()
                    .forEach(service -> edges(edges, workload, pod, service)));
    return new ServiceGraph(edges.build());
  }

  /** The first pod of each workload. */
  private Map<String, RunningPod> callers() {
    Map<String, RunningPod> callers = new LinkedHashMap<>();
    for (RunningPod pod : world.cluster().pods()) {
      if (pod.published()) {
        callers.putIfAbsent(workload(pod), pod);
      }
    }
    return callers;
  }

  /** As kubectl names it. */
  private static String workload(RunningPod pod) {
    return pod.spec()
        .owner()
        .map(owner -> owner.kind().toLowerCase(Locale.ROOT) + "/" + owner.name())
        .orElse("pod/" + pod.name());
  }

  private void edges(
      ImmutableList.Builder<ServiceGraph.Edge> edges,
      String workload,
      RunningPod caller,
      Service service) {
    for (ServicePort port : service.ports()) {
      if (port.protocol().equals(Protocol.TCP)) {
        Map<Endpoint, Story> calls =
            service.headless() ? direct(caller, service, port) : drawn(caller, service, port);
        List<Story> through = calls.values().stream().filter(Story::delivered).toList();
        if (!through.isEmpty()) {
          edges.add(
              new ServiceGraph.Edge(
                  workload,
                  "service/" + service.name(),
                  port.port(),
                  through.stream().allMatch(Padlock::on),
                  through.size(),
                  calls.size()));
        }
      }
    }
  }

  /** A call to each pod of a headless Service, on the Service's port. */
  private Map<Endpoint, Story> direct(RunningPod caller, Service service, ServicePort port) {
    Map<Endpoint, Story> calls = new LinkedHashMap<>();
    for (Endpoints.Address address : world.cluster().endpoints(service).ready()) {
      if (!caller.ips().contains(address.ip())) {
        Endpoint pod = new Endpoint(address.ip(), port.port());
        calls.put(pod, call(caller, pod));
      }
    }
    return calls;
  }

  /** Calls to a Service's address, until each pod behind it was drawn, or is not in a long time. */
  private Map<Endpoint, Story> drawn(RunningPod caller, Service service, ServicePort port) {
    Map<Endpoint, Story> calls = new LinkedHashMap<>();
    List<Endpoint> pods = pods(service, port);
    for (IpAddress address : service.clusterIps().stream().limit(1).toList()) {
      Endpoint to = new Endpoint(address, port.port());
      for (int i = 0; i < CALLS_FOR_EACH * pods.size() && calls.size() < pods.size(); i++) {
        Story story = call(caller, to);
        pods.stream()
            .filter(pod -> passes(story, pod))
            .findFirst()
            .ifPresent(pod -> calls.putIfAbsent(pod, story));
      }
    }
    return calls;
  }

  /** The pods that take traffic of a Service's port, and the ports that they take it on. */
  private List<Endpoint> pods(Service service, ServicePort port) {
    List<Endpoint> pods = new ArrayList<>();
    for (Endpoints.Subset subset : world.cluster().endpoints(service).subsets()) {
      for (Endpoints.Port target : subset.ports()) {
        if (target.name().orElse("").equals(port.nameOrEmpty())) {
          subset.ready().forEach(pod -> pods.add(new Endpoint(pod.ip(), target.port())));
        }
      }
    }
    return pods;
  }

  /** Whether a proxy chose this pod, or its node's rules did and a packet went there. */
  private static boolean passes(Story story, Endpoint pod) {
    return story.steps().stream()
        .map(Trace.Entry::step)
        .anyMatch(
            step ->
                step instanceof EnvoyStep.HostChosen chosen
                    ? chosen.host().host().equals(pod.address().toString())
                        && chosen.host().port() == pod.port()
                    : step instanceof IpStep.Received received
                        && received.packet().to().equals(pod));
  }

  private Story call(RunningPod caller, Endpoint to) {
    PodName name = PodName.parse(caller.spec().meta().qualifiedName());
    Process program = world.program(name, Optional.empty(), Optional.empty());
    Story story = world.trace(program, to, Payload.HELLO.bytes());
    program.exit(0);
    return story;
  }
}
