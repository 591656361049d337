package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.net.Cidr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The route configurations of a sidecar: one a port, and one for each port of unknown protocol. */
final class HttpRoutes {

  /** What istiod answers for unknown hosts under REGISTRY_ONLY. */
  private static final int BAD_GATEWAY = 502;

  private final String clientNamespace;
  private final String fallThrough;
  private final HttpRules rules;
  private final RouteConfiguration.RetryPolicy retries;
  private final Map<String, List<RouteConfiguration.VirtualHost>> hosts = new LinkedHashMap<>();

  /**
   * @param fallThrough the cluster of unknown destinations
   * @param rules what VirtualServices say
   * @param retries of all routes
   */
  HttpRoutes(
      String clientNamespace,
      String fallThrough,
      HttpRules rules,
      RouteConfiguration.RetryPolicy retries) {
    this.rules = rules;
    this.retries = retries;
    this.clientNamespace = clientNamespace;
    this.fallThrough = fallThrough;
  }

  void add(MeshService service, MeshService.Port port) {
    addAlone(Integer.toString(port.number()), service, port);
  }

  void addAlone(String route, MeshService service, MeshService.Port port) {
    hosts
        .computeIfAbsent(route, name -> new ArrayList<>())
        .add(
            new RouteConfiguration.VirtualHost(
                service.host() + ":" + port.number(),
                domains(service, port.number()),
                rules.routes(service, port)));
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
    if (service.listenerPerPod()) {
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
                new RouteConfiguration(
                    name,
                    ImmutableList.<RouteConfiguration.VirtualHost>builder()
                        .addAll(known)
                        .add(rest)
                        .build(),
                    retries)));
    return all.buildOrThrow();
  }
}
