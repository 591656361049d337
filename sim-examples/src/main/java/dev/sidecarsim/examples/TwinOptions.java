package dev.sidecarsim.examples;

import dev.sidecarsim.envoy.ConfigDump;
import dev.sidecarsim.istio.Injection;
import dev.sidecarsim.istio.SocketListing;
import dev.sidecarsim.istio.Twin;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.kube.RunningPod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** What real pods had, in place of what would be made for the simulated ones. */
final class TwinOptions {

  @Option(
      names = "--config-dump",
      paramLabel = "POD=FILE",
      converter = PodFile.Reader.class,
      description =
          "What the pod's Envoy was told: curl localhost:15000/config_dump?include_eds, or istioctl"
              + " proxy-config … -o json. What it does not hold is made as for other pods. May"
              + " repeat.")
  private List<PodFile> dumps = new ArrayList<>();

  @Option(
      names = "--iptables-save",
      paramLabel = "POD=FILE",
      converter = PodFile.Reader.class,
      description = "The pod's rules: iptables-save, ip6tables-save, or both. May repeat.")
  private List<PodFile> rules = new ArrayList<>();

  @Option(
      names = "--ss",
      paramLabel = "POD=FILE",
      converter = PodFile.Reader.class,
      description =
          "What listens in the pod where its program is not known: ss -ltn, netstat -tln or"
              + " /proc/net/tcp. May repeat.")
  private List<PodFile> sockets = new ArrayList<>();

  /** The twins by pod. */
  Map<PodName, Twin> read() {
    Map<PodName, Twin> twins = new LinkedHashMap<>();
    byPod(dumps)
        .forEach(
            (pod, files) -> {
              List<Path> paths = files.stream().map(PodFile::file).toList();
              twins.put(pod, twin(twins, pod).withEnvoy(ConfigDump.read(paths)));
            });
    byPod(rules).forEach((pod, files) -> twins.put(pod, withRules(twin(twins, pod), files)));
    byPod(sockets)
        .forEach(
            (pod, files) -> {
              SocketListing listing = SocketListing.read(text(files), names(files));
              twins.put(pod, twin(twins, pod).withSockets(listing));
            });
    return twins;
  }

  private static Twin twin(Map<PodName, Twin> twins, PodName pod) {
    return twins.getOrDefault(pod, Twin.NONE);
  }

  private static Twin withRules(Twin twin, List<PodFile> files) {
    try {
      return twin.withRules(text(files));
    } catch (IllegalArgumentException e) {
      throw new BadInput(names(files) + ": " + e.getMessage());
    }
  }

  private static Map<PodName, List<PodFile>> byPod(List<PodFile> files) {
    Map<PodName, List<PodFile>> all = new LinkedHashMap<>();
    files.forEach(file -> all.computeIfAbsent(file.pod(), pod -> new ArrayList<>()).add(file));
    return all;
  }

  private static String text(List<PodFile> files) {
    return String.join("\n", files.stream().map(PodFile::text).toList());
  }

  private static String names(List<PodFile> files) {
    return String.join(" and ", files.stream().map(file -> file.file().toString()).toList());
  }

  /**
   * Checks that the pods are there, and have an Envoy where it is to be told something.
   *
   * @throws BadInput if not
   */
  void check(World world) {
    Set<PodName> named = new LinkedHashSet<>();
    dumps.forEach(file -> named.add(file.pod()));
    rules.forEach(file -> named.add(file.pod()));
    sockets.forEach(file -> named.add(file.pod()));
    named.forEach(world::pod);
    for (PodFile dump : dumps) {
      if (!Injection.injected(world.pod(dump.pod()).spec())) {
        throw new BadInput(
            "--config-dump "
                + dump.pod()
                + ": the pod has no sidecar; give --istio the version of its own, or label it");
      }
    }
  }

  /** What a person should know of the twins: what is not modelled, and addresses that differ. */
  Set<String> remarks(Map<PodName, Twin> twins, World world) {
    Set<String> all = new TreeSet<>();
    twins.forEach(
        (name, twin) -> {
          twin.unmodelled().forEach(what -> all.add(name + ": not modelled: " + what));
          RunningPod pod = world.pod(name);
          twin.envoy()
              .flatMap(ConfigDump::nodeAddress)
              .filter(address -> !pod.ips().contains(address))
              .ifPresent(
                  address ->
                      all.add(
                          name
                              + ": the dump is of a pod with the address "
                              + address
                              + ", and here it is "
                              + pod.ip()
                              + "; write status.podIP into the manifest"));
        });
    return all;
  }
}
