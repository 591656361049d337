package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.istio.ProxyConfig;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.render.TextTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code proxy-config cluster}: the clusters of a pod's Envoy. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    description = "The clusters of a pod's Envoy, as istioctl proxy-config cluster prints them.")
final class ProxyConfigCommand implements Callable<Integer> {

  /** Holds what is asked of a pod's Envoy. */
  @Command(
      name = "proxy-config",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "cluster",
      description = "What istiod has told a pod's Envoy.")
  static final class Group implements Runnable {
    @Override
    public void run() {
      throw new BadInput("proxy-config of what? Write: proxy-config cluster -f FILE --istio V POD");
    }
  }

  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "POD", converter = Options.PodReader.class, description = "The pod.")
  private PodName pod = PodName.parse("-");

  @Option(names = "--port", paramLabel = "P", description = "Only clusters of this port.")
  private Optional<Integer> port = Optional.empty();

  @Option(names = "--direction", paramLabel = "WAY", description = "inbound or outbound only.")
  private Optional<ProxyConfig.Direction> direction = Optional.empty();

  @Mixin private final InstantOption instant = new InstantOption();

  @Option(names = "-o", paramLabel = "FORMAT", description = "text or json. Default: text.")
  private Format format = Format.TEXT;

  ProxyConfigCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (port.isPresent() && (port.get() < 1 || port.get() > 65535)) {
      throw new BadInput(
          "--port " + port.get() + " is out of range; a port is a number from 1 to 65535");
    }
    Experiment experiment = Experiment.of(cluster, console);
    World world = experiment.start(cluster.seed());
    world.pod(pod);
    world.runUntil(instant.seconds());
    ImmutableList<Cluster> clusters =
        Experiment.sidecar(world, world.pod(pod))
            .map(config -> ProxyConfig.clusters(config, wantedPort(), direction))
            .orElseThrow(() -> new BadInput("pod " + pod + " has no sidecar to ask"));
    experiment.tell(world);
    Json json = ProxyConfig.clusterJson(clusters);
    console.out().print(format == Format.JSON ? json.pretty() + "\n" : table(clusters));
    return ExitCode.FINE;
  }

  private OptionalInt wantedPort() {
    return port.isPresent() ? OptionalInt.of(port.get()) : OptionalInt.empty();
  }

  /** The columns of istioctl; a cluster's name is {@code DIRECTION|PORT|SUBSET|HOST}. */
  private static String table(List<Cluster> clusters) {
    TextTable table = TextTable.of("SERVICE FQDN", "PORT", "SUBSET", "DIRECTION", "TYPE");
    for (Cluster cluster : clusters) {
      String[] parts = cluster.name().split("\\|", -1);
      String type = cluster.discovery().type();
      if (parts.length == 4) {
        table.row(orDash(parts[3]), orDash(parts[1]), orDash(parts[2]), parts[0], type);
      } else {
        table.row(cluster.name(), "-", "-", "-", type);
      }
    }
    return table.print();
  }

  private static String orDash(String part) {
    return part.isEmpty() ? "-" : part;
  }
}
