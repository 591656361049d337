package dev.sidecarsim.kube;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Resolver;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The cluster's name server, and the resolver of each pod in front of it: {@code /etc/hosts}, then
 * the search path with {@code ndots:5}. Answers are as fresh as the endpoints are; nothing caches
 * them.
 */
final class ClusterDns {

  private static final int NDOTS = 5;
  private static final int LONGEST_CHAIN = 8;

  private final Cluster cluster;
  private final String domain;

  ClusterDns(Cluster cluster, String domain) {
    this.cluster = cluster;
    this.domain = domain;
  }

  /** What programs in a pod ask. */
  Resolver forPod(RunningPod pod) {
    String namespace = pod.spec().namespace();
    ImmutableList<String> path =
        ImmutableList.of(namespace + ".svc." + domain, "svc." + domain, domain);
    return name -> {
      List<IpAddress> own = hostsFile(pod, name);
      return own.isEmpty() ? search(name, path) : own;
    };
  }

  /** What programs on a node ask: full names only. */
  Resolver forNode(Node node) {
    return name ->
        name.equals("localhost")
            ? List.of(IpAddress.LOOPBACK_V4)
            : name.equals(node.name()) ? List.of(node.ip()) : search(name, ImmutableList.of());
  }

  /** The kubelet writes {@code localhost} and the pod's own names into its hosts file. */
  private List<IpAddress> hostsFile(RunningPod pod, String name) {
    if (name.equals("localhost")) {
      return List.of(IpAddress.LOOPBACK_V4);
    }
    String hostname = pod.spec().hostname();
    Optional<String> full =
        pod.spec()
            .spec()
            .subdomain()
            .map(sub -> hostname + "." + sub + "." + pod.spec().namespace() + ".svc." + domain);
    return name.equals(hostname) || full.equals(Optional.of(name)) ? pod.ips() : List.of();
  }

  private List<IpAddress> search(String name, List<String> path) {
    if (name.endsWith(".")) {
      return absolute(name.substring(0, name.length() - 1), 0);
    }
    boolean literalFirst = name.chars().filter(c -> c == '.').count() >= NDOTS;
    List<String> candidates = new ArrayList<>();
    path.forEach(suffix -> candidates.add(name + "." + suffix));
    candidates.add(literalFirst ? 0 : candidates.size(), name);
    for (String candidate : candidates) {
      List<IpAddress> found = absolute(candidate, 0);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private List<IpAddress> absolute(String name, int depth) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!lower.endsWith("." + domain) || depth > LONGEST_CHAIN) {
      return List.of();
    }
    List<String> labels =
        Splitter.on('.').splitToList(lower.substring(0, lower.length() - domain.length() - 1));
    int size = labels.size();
    if (size == 3 && labels.get(2).equals("pod")) {
      return dashed(labels.get(0));
    }
    if (size < 3 || size > 4 || !labels.get(size - 1).equals("svc")) {
      return List.of();
    }
    Optional<Service> service = cluster.service(labels.get(size - 2), labels.get(size - 3));
    Optional<String> host = size == 4 ? Optional.of(labels.get(0)) : Optional.empty();
    return service.map(found -> records(found, host, depth)).orElse(List.of());
  }

  private List<IpAddress> records(Service service, Optional<String> host, int depth) {
    if (service.externalName().isPresent()) {
      return host.isPresent() ? List.of() : absolute(service.externalName().get(), depth + 1);
    }
    if (host.isEmpty() && !service.headless()) {
      return service.clusterIps();
    }
    return cluster.endpoints(service).ready().stream()
        .filter(address -> host.isEmpty() || hostOf(address).equals(host.get()))
        .map(Endpoints.Address::ip)
        .distinct()
        .toList();
  }

  /** An endpoint without host name has its address with dashes as name. */
  private static String hostOf(Endpoints.Address address) {
    return address.hostname().orElse(address.ip().toString().replaceAll("[.:]", "-"));
  }

  /** {@code 10-244-0-5.ns.pod.…} is answered from the name itself. */
  private static List<IpAddress> dashed(String label) {
    String text = label.replace('-', '.');
    return IpAddress.isLiteral(text) ? List.of(IpAddress.of(text)) : List.of();
  }
}
