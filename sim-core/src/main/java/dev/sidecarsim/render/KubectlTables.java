package dev.sidecarsim.render;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.kube.Service;
import dev.sidecarsim.kube.ServicePort;
import dev.sidecarsim.net.IpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code kubectl get} prints of a running cluster. */
public final class KubectlTables {

  private static final long NANOS = 1_000_000_000L;

  private KubectlTables() {}

  /** {@code kubectl get pods -o wide} for one namespace, without its always empty columns. */
  public static String pods(Cluster cluster, String namespace) {
    TextTable table = TextTable.of("NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE");
    cluster.pods().stream()
        .filter(pod -> pod.spec().namespace().equals(namespace))
        .sorted(Comparator.comparing(RunningPod::name))
        .forEach(
            pod ->
                table.row(
                    pod.name(),
                    pod.readyContainers() + "/" + pod.containerCount(),
                    pod.status(),
                    Integer.toString(pod.restarts()),
                    age(cluster.now() - pod.createdAt()),
                    pod.ip().toString(),
                    pod.node().name()));
    return table.print();
  }

  /** {@code kubectl get services} for one namespace. */
  public static String services(Cluster cluster, String namespace) {
    TextTable table = TextTable.of("NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE");
    cluster.services().stream()
        .filter(service -> service.namespace().equals(namespace))
        .sorted(Comparator.comparing(Service::name))
        .forEach(
            service ->
                table.row(
                    service.name(),
                    service.type().toString(),
                    clusterIp(service),
                    service.externalName().orElse("<none>"),
                    ports(service.ports()),
                    age(cluster.now())));
    return table.print();
  }

  private static String clusterIp(Service service) {
    if (service.headless()) {
      return "None";
    }
    return service.clusterIps().stream().findFirst().map(IpAddress::toString).orElse("<none>");
  }

  private static String ports(List<ServicePort> ports) {
    String joined =
        ports.stream()
            .map(port -> port.port() + "/" + port.protocol().toString().toUpperCase(Locale.ROOT))
            .collect(Collectors.joining(","));
    return joined.isEmpty() ? "<none>" : joined;
  }

  /** As kubectl shortens a duration: {@code 90s}, {@code 2m30s}, {@code 15m}, {@code 3h}. */
  static String age(long nanos) {
    long seconds = nanos / NANOS;
    long minutes = seconds / 60;
    if (minutes < 2) {
      return seconds + "s";
    }
    if (minutes < 10) {
      return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    }
    return minutes < 180 ? minutes + "m" : minutes / 60 + "h";
  }
}
