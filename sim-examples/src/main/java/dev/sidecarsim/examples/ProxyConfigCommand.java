package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.istio.proxyconfig.ProxyConfig;
import dev.sidecarsim.json.Json;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code proxy-config}: what istiod has told a pod's Envoy. */
@Command(
    name = "proxy-config",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "cluster|listener|route|endpoint|all",
    description = "What istiod has told a pod's Envoy, as istioctl proxy-config prints it.")
final class ProxyConfigCommand implements Runnable {

  private ProxyConfigCommand() {}

  /** The command with its subcommands. */
  static CommandLine line(Console console) {
    return new CommandLine(new ProxyConfigCommand())
        .addSubcommand(new Clusters(console))
        .addSubcommand(new Listeners(console))
        .addSubcommand(new Routes(console))
        .addSubcommand(new Endpoints(console))
        .addSubcommand(new All(console));
  }

  @Override
  public void run() {
    throw new BadInput("proxy-config of what? Write: proxy-config cluster -f FILE --istio V POD");
  }

  private static int print(Console console, ProxyConfigOptions options, Json tree, String table) {
    console.out().print(options.tree() ? options.print(tree) : table);
    return ExitCode.FINE;
  }

  /** Which way connections go. */
  private static final class Way {
    @Option(names = "--direction", paramLabel = "WAY", description = "inbound or outbound only.")
    private Optional<ProxyConfig.Direction> direction = Optional.empty();
  }

  /** An address of a listener or a host. */
  private static final class Address {
    @Option(names = "--address", paramLabel = "IP", description = "Only those of this address.")
    private Optional<String> text = Optional.empty();
  }

  /** How much a table tells. */
  private static final class Verbosity {
    @Option(
        names = "--verbose",
        paramLabel = "BOOL",
        arity = "0..1",
        fallbackValue = "true",
        defaultValue = "true",
        description =
            "A row for each filter chain or route, else one for each name. Default: true.")
    private boolean verbose = true;
  }

  /** {@code proxy-config cluster}. */
  @Command(
      name = "cluster",
      aliases = {"clusters", "c"},
      mixinStandardHelpOptions = true,
      description = "The clusters of a pod's Envoy.")
  static final class Clusters implements Callable<Integer> {

    private final Console console;

    @Mixin private final ProxyConfigOptions options = new ProxyConfigOptions();

    @Option(names = "--fqdn", paramLabel = "NAME", description = "Only those of this host.")
    private Optional<String> fqdn = Optional.empty();

    @Option(names = "--subset", paramLabel = "NAME", description = "Only those of this subset.")
    private Optional<String> subset = Optional.empty();

    @Mixin private final Way way = new Way();

    Clusters(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      EnvoyConfig config = options.config(console);
      ImmutableList<Cluster> clusters =
          ProxyConfig.clusters(
              config, new ProxyConfig.ClusterFilter(fqdn, options.port(), subset, way.direction));
      return print(console, options, ProxyConfig.clusterJson(clusters), ClusterTable.of(clusters));
    }
  }

  /** {@code proxy-config listener}. */
  @Command(
      name = "listener",
      aliases = {"listeners", "l"},
      mixinStandardHelpOptions = true,
      description = "The listeners of a pod's Envoy.")
  static final class Listeners implements Callable<Integer> {

    private final Console console;

    @Mixin private final ProxyConfigOptions options = new ProxyConfigOptions();

    @Mixin private final Address address = new Address();

    @Option(
        names = "--type",
        paramLabel = "TYPE",
        description = "Only those of this type: HTTP, TCP, HTTP+TCP or UNKNOWN.")
    private Optional<String> type = Optional.empty();

    @Mixin private final Way way = new Way();

    @Mixin private final Verbosity verbosity = new Verbosity();

    Listeners(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      EnvoyConfig config = options.config(console);
      ImmutableList<Listener> listeners =
          ProxyConfig.listeners(
                  config,
                  new ProxyConfig.ListenerFilter(address.text, options.port(), way.direction))
              .stream()
              .filter(one -> type.map(ListenerTable.type(one)::equalsIgnoreCase).orElse(true))
              .collect(ImmutableList.toImmutableList());
      return print(
          console,
          options,
          ProxyConfig.listenerJson(listeners),
          ListenerTable.of(listeners, verbosity.verbose, options.istioctl()));
    }
  }

  /** {@code proxy-config route}. */
  @Command(
      name = "route",
      aliases = {"routes", "r"},
      mixinStandardHelpOptions = true,
      description = "The routes of HTTP requests of a pod's Envoy.")
  static final class Routes implements Callable<Integer> {

    private final Console console;

    @Mixin private final ProxyConfigOptions options = new ProxyConfigOptions();

    @Option(names = "--name", paramLabel = "NAME", description = "Only those of this name.")
    private Optional<String> name = Optional.empty();

    @Mixin private final Verbosity verbosity = new Verbosity();

    Routes(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (options.port().isPresent()) {
        throw new BadInput("proxy-config route knows no ports; write --name with a route's name");
      }
      EnvoyConfig config = options.config(console);
      ImmutableList<RouteConfiguration> routes = ProxyConfig.routes(config, name);
      return print(
          console,
          options,
          ProxyConfig.routeJson(routes),
          RouteTable.of(routes, verbosity.verbose, options.istioctl()));
    }
  }

  /** {@code proxy-config endpoint}. */
  @Command(
      name = "endpoint",
      aliases = {"endpoints", "ep"},
      mixinStandardHelpOptions = true,
      description = "The hosts that a pod's Envoy knows; clusters of ORIGINAL_DST know none.")
  static final class Endpoints implements Callable<Integer> {

    private final Console console;

    @Mixin private final ProxyConfigOptions options = new ProxyConfigOptions();

    @Mixin private final Address address = new Address();

    @Option(names = "--cluster", paramLabel = "NAME", description = "Only those of this cluster.")
    private Optional<String> cluster = Optional.empty();

    @Option(names = "--status", paramLabel = "WORD", description = "Only those of this status.")
    private Optional<String> status = Optional.empty();

    Endpoints(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      EnvoyConfig config = options.config(console);
      ImmutableList<ProxyConfig.Host> hosts =
          ProxyConfig.hosts(config).stream()
              .filter(this::takes)
              .collect(ImmutableList.toImmutableList());
      return print(console, options, ProxyConfig.endpointJson(hosts), EndpointTable.of(hosts));
    }

    private boolean takes(ProxyConfig.Host host) {
      return address.text.map(host.endpoint().host()::equalsIgnoreCase).orElse(true)
          && (options.port().isEmpty() || options.port().getAsInt() == host.endpoint().port())
          && cluster.map(host.cluster().name()::equalsIgnoreCase).orElse(true)
          && status.map(ProxyConfig.Host.STATUS::equalsIgnoreCase).orElse(true);
    }
  }

  /** {@code proxy-config all}. */
  @Command(
      name = "all",
      aliases = "a",
      mixinStandardHelpOptions = true,
      description =
          "All that istiod has told a pod's Envoy as one dump in JSON, routes and endpoints"
              + " included: what --config-dump and envoy match read.")
  static final class All implements Callable<Integer> {

    private final Console console;

    @Mixin private final ProxyConfigOptions options = new ProxyConfigOptions();

    All(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      if (!options.tree() || options.port().isPresent()) {
        throw new BadInput(
            "proxy-config all prints no table, and all of it; write -o json or yaml, and no --port");
      }
      console.out().print(options.print(ProxyConfig.dump(options.told(console))));
      return ExitCode.FINE;
    }
  }
}
