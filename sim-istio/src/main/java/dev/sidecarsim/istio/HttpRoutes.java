package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.RetryPolicy;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.net.Cidr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The route configurations of a sidecar: one a port, with all services that speak HTTP there or
 * may, and one for each service's port of unknown protocol.
 */
final class HttpRoutes {

  /** What istiod answers for unknown hosts under REGISTRY_ONLY. */
  private static final int BAD_GATEWAY = 502;

  private final String clientNamespace;
  private final String fallThrough;
  private final HttpRules rules;
  private final RetryPolicy retries;
  private final boolean ignoresPort;
  private final boolean sniffedHostFree;
  private final Map<String, List<RouteConfiguration.VirtualHost>> hosts = new LinkedHashMap<>();
  private final Map<String, RouteConfiguration.VirtualHost> sniffed = new LinkedHashMap<>();

  /**
   * @param fallThrough the cluster of unknown destinations
   * @param rules what VirtualServices say
   */
  HttpRoutes(IstiodContext context, String clientNamespace, String fallThrough, HttpRules rules) {
    this.rules = rules;
    this.retries = Retries.standard(context);
    this.ignoresPort = context.ignoresHostPort();
    this.sniffedHostFree = context.preset().outbound().sniffedHostFree();
    this.clientNamespace = clientNamespace;
    this.fallThrough = fallThrough;
  }

  /** Adds a service to the routes of all services of a port. */
  void add(MeshService service, MeshService.Port port) {
    RouteConfiguration.VirtualHost host =
        new RouteConfiguration.VirtualHost(
            service.host() + ":" + port.number(),
            domains(service, port.number()),
            rules.routes(service, port));
    hosts.computeIfAbsent(Integer.toString(port.number()), name -> new ArrayList<>()).add(host);
    if (port.protocol() == ServiceProtocol.AUTO) {
      sniffed.putIfAbsent(OutboundListeners.routes(service, port), host);
    }
  }

  private ImmutableList<String> domains(MeshService service, int port) {
    List<String> names = new ArrayList<>();
    addNames(names, service.host(), service.name(), service.namespace());
    for (MeshService.Alias alias : service.aliases()) {
      addNames(names, alias.host(), alias.name(), alias.namespace());
    }
    for (Cidr address : service.addresses()) {
      names.add(address.address().toString());
    }
    if (service.headless()) {
      List.copyOf(names).forEach(name -> names.add("*." + name));
    }
    ImmutableList.Builder<String> all = ImmutableList.builder();
    for (String name : names) {
      all.add(name, name + ":" + port);
    }
    return all.build();
  }

  /** A host and, if it is one of the cluster, its shorter names. */
  private void addNames(List<String> names, String host, String name, String namespace) {
    names.add(host);
    if (host.startsWith(name + "." + namespace + ".svc.")) {
      if (namespace.equals(clientNamespace)) {
        names.add(name);
      }
      names.add(name + "." + namespace);
      names.add(name + "." + namespace + ".svc");
    }
  }

  ImmutableMap<String, RouteConfiguration> configurations() {
    boolean refuses = fallThrough.equals(InboundConfig.BLACK_HOLE);
    RouteConfiguration.VirtualHost rest =
        refuses
            ? new RouteConfiguration.VirtualHost(
                "block_all",
                ImmutableList.of("*"),
                RouteConfiguration.RouteAction.status(BAD_GATEWAY))
            : new RouteConfiguration.VirtualHost(
                "allow_any", ImmutableList.of("*"), RouteConfiguration.RouteAction.to(fallThrough));
    List<RouteConfiguration.VirtualHost> web = hosts.get(HttpRules.WEB);
    if (web != null) {
      web.addAll(rules.unknownHosts());
    }
    ImmutableMap.Builder<String, RouteConfiguration> all = ImmutableMap.builder();
    hosts.forEach(
        (name, known) ->
            all.put(
                name,
                configuration(
                    name,
                    ImmutableList.<RouteConfiguration.VirtualHost>builder()
                        .addAll(known)
                        .add(rest)
                        .build())));
    sniffed.forEach(
        (name, host) -> all.put(name, configuration(name, ImmutableList.of(alone(host)))));
    return all.buildOrThrow();
  }

  /** The only host of a port of unknown protocol, beside which no other is known. */
  private RouteConfiguration.VirtualHost alone(RouteConfiguration.VirtualHost host) {
    return sniffedHostFree
        ? new RouteConfiguration.VirtualHost(host.name(), ImmutableList.of("*"), host.routes())
        : host;
  }

  private RouteConfiguration configuration(
      String name, ImmutableList<RouteConfiguration.VirtualHost> known) {
    return new RouteConfiguration(name, known, retries, ignoresPort);
  }
}
