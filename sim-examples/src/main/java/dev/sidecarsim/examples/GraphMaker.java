package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Draws who can reach which Service, by trying: one pod of each workload calls every TCP port of
 * every Service, a headless Service at each of its pods but itself. An edge is drawn where a call
 * got through, with a padlock if every such call left the caller's pod inside mutual TLS.
 */
final class GraphMaker {

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
        List<Story> through =
            addresses(service).stream()
                .filter(address -> !caller.ips().contains(address))
                .map(address -> call(caller, new Endpoint(address, port.port())))
                .filter(Story::delivered)
                .toList();
        if (!through.isEmpty()) {
          boolean secured = through.stream().allMatch(Padlock::on);
          edges.add(
              new ServiceGraph.Edge(workload, "service/" + service.name(), port.port(), secured));
        }
      }
    }
  }

  private List<IpAddress> addresses(Service service) {
    return service.headless()
        ? world.cluster().endpoints(service).ready().stream().map(Endpoints.Address::ip).toList()
        : service.clusterIps().stream().limit(1).toList();
  }

  private Story call(RunningPod caller, Endpoint to) {
    PodName name = PodName.parse(caller.spec().meta().qualifiedName());
    Process program = world.program(name, Optional.empty(), Optional.empty());
    Story story = world.trace(program, to, Payload.HELLO.bytes());
    program.exit(0);
    return story;
  }
}
