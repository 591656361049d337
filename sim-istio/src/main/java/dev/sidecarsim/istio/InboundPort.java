package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Service;
import dev.sidecarsim.kube.ServicePort;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A port of a pod that a Service, a ServiceEntry or a Sidecar declares.
 *
 * @param port the pod's port
 * @param servicePort the port of the first Service; the same as {@code port} for a Sidecar's
 * @param services the Services that declare it under that number, oldest first
 * @param ingress the Sidecar's entry, if it is one's
 */
record InboundPort(
    int port,
    int servicePort,
    String name,
    ServiceProtocol protocol,
    ImmutableList<Cluster.ServiceRef> services,
    Optional<Sidecar.Ingress> ingress) {

  /**
   * Where Envoy dials the application.
   *
   * @param address empty for the original destination
   * @param bindsSource whether the call comes from 127.0.0.6
   */
  record Target(Optional<LbEndpoint> address, boolean bindsSource) {}

  /** The ports of a pod: those of its Sidecar if it has any, else its Services'. */
  static ImmutableList<InboundPort> of(IstiodContext context, ProxyNode node) {
    ImmutableList<Sidecar.Ingress> ingress =
        context.sidecar(node).map(Sidecar::ingress).orElse(ImmutableList.of());
    if (ingress.isEmpty()) {
      // Without capture the application itself has the socket.
      return node.captured() ? ofServices(context, node) : ImmutableList.of();
    }
    ImmutableList<InboundPort> own = ofSidecar(ingress);
    return context.mergesIngress() ? joined(own, ofServices(context, node)) : own;
  }

  /** A Sidecar's ports, and those of Services that it does not name. */
  private static ImmutableList<InboundPort> joined(
      ImmutableList<InboundPort> own, ImmutableList<InboundPort> services) {
    ImmutableList.Builder<InboundPort> all = ImmutableList.builder();
    all.addAll(own);
    services.stream()
        .filter(port -> own.stream().noneMatch(known -> known.port() == port.port()))
        .forEach(all::add);
    return all.build();
  }

  /** Whether it has a socket of its own, not a place behind the captured ones. */
  boolean bound(ProxyNode node) {
    return ingress.isPresent() && (!node.captured() || ingress.get().bound());
  }

  /** Whether a Sidecar wants the proxy to end the callers' TLS itself. */
  boolean endsTls() {
    return ingress.isPresent() && ingress.get().tree().object("tls").isPresent();
  }

  private static ImmutableList<InboundPort> ofSidecar(ImmutableList<Sidecar.Ingress> ingress) {
    return ingress.stream()
        .map(
            entry ->
                new InboundPort(
                    entry.port(),
                    entry.port(),
                    entry.name(),
                    entry.protocol(),
                    ImmutableList.of(),
                    Optional.of(entry)))
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<InboundPort> ofServices(IstiodContext context, ProxyNode node) {
    List<Declared> all = new ArrayList<>();
    for (MeshView.Backed backed : context.view().services()) {
      Service service = backed.service();
      boolean ours =
          service.selects(node.pod())
              || (service.namespace().equals(node.namespace()) && backed.holds(node.ips().get(0)));
      if (ours) {
        for (ServicePort port : service.ports()) {
          OptionalInt target = port.targetPort().resolve(node.pod().spec(), Protocol.TCP);
          if (port.protocol().equals(Protocol.TCP) && target.isPresent()) {
            all.add(new Declared(service.meta(), of(service, port, target.getAsInt(), context)));
          }
        }
      }
    }
    context.resources().serviceEntries().forEach(entry -> all.addAll(ofEntry(entry, node)));
    all.sort(Declared.OLDEST_FIRST);
    Map<Integer, InboundPort> byPort = new LinkedHashMap<>();
    all.forEach(each -> byPort.merge(each.port().port(), each.port(), InboundPort::join));
    return ImmutableList.copyOf(byPort.values());
  }

  /** A port and what tells its age ({@code SetServiceTargets()} of pilot/pkg/model/context.go). */
  private record Declared(ObjectMeta meta, InboundPort port) {

    private static final Comparator<Declared> OLDEST_FIRST =
        Comparator.comparing(Declared::meta, ObjectMeta.OLDEST_FIRST)
            .thenComparing(each -> each.port().services().get(0).host());
  }

  /** A ServiceEntry declares the ports of pods behind it, as a Service does. */
  private static List<Declared> ofEntry(ServiceEntry entry, ProxyNode node) {
    List<Declared> all = new ArrayList<>();
    for (ServiceEntry.Port port : entry.ports()) {
      OptionalInt target = entry.targetAt(node, port);
      if (target.isPresent()) {
        for (String host : entry.hosts()) {
          InboundPort declared =
              new InboundPort(
                  target.getAsInt(),
                  port.number(),
                  port.name(),
                  port.protocol(),
                  ImmutableList.of(
                      new Cluster.ServiceRef(host, entry.meta().name(), entry.meta().namespace())),
                  Optional.empty());
          all.add(new Declared(entry.meta(), declared));
        }
      }
    }
    return all;
  }

  private static InboundPort of(
      Service service, ServicePort port, int target, IstiodContext context) {
    return new InboundPort(
        target,
        port.port(),
        port.nameOrEmpty(),
        ServiceProtocol.of(port.appProtocol(), port.nameOrEmpty(), port.port()),
        ImmutableList.of(
            new Cluster.ServiceRef(
                service.hostname(context.view().domain()), service.name(), service.namespace())),
        Optional.empty());
  }

  /** The older Service's settings hold; the younger one is named if its port number is the same. */
  private InboundPort join(InboundPort younger) {
    if (servicePort != younger.servicePort) {
      return this;
    }
    ImmutableList<Cluster.ServiceRef> both =
        ImmutableList.<Cluster.ServiceRef>builder()
            .addAll(services)
            .addAll(younger.services)
            .build();
    return new InboundPort(port, servicePort, name, protocol, both, ingress);
  }

  String clusterName(InboundPreset.ClusterNamePort by) {
    return switch (by) {
      case SERVICE_PORT_AND_HOST ->
          "inbound|"
              + servicePort
              + "|"
              + name
              + "|"
              + (services.isEmpty() ? "" : services.get(0).host());
      case SERVICE_PORT -> "inbound|" + servicePort + "||";
      case TARGET_PORT -> "inbound|" + port + "||";
    };
  }

  /** Where the application is dialled, by version, settings and the Sidecar's default endpoint. */
  Target target(IstiodContext context, ProxyNode node) {
    if (ingress.isEmpty()) {
      return context.dialsPodAddress() ? new Target(Optional.empty(), true) : loopback(node, port);
    }
    String text = ingress.get().defaultEndpoint();
    boolean newer = context.preset().inbound().podAddressEndpoint();
    if (text.isEmpty() || (newer && text.startsWith(":"))) {
      return new Target(Optional.empty(), true);
    }
    if (text.startsWith("unix:")) {
      // Its bind address is no loopback one, so newer versions leave a source on it.
      return new Target(Optional.of(LbEndpoint.unmodelled("the socket " + text)), newer);
    }
    int to = Endpoint.parsePort(text.substring(text.lastIndexOf(':') + 1));
    if (text.startsWith("0.0.0.0:") || text.startsWith("[::]:")) {
      return new Target(Optional.of(LbEndpoint.of(new Endpoint(own(node, text), to))), true);
    }
    return loopback(node, to);
  }

  private static Target loopback(ProxyNode node, int port) {
    IpAddress own = node.hasV4() ? IpAddress.LOOPBACK_V4 : IpAddress.LOOPBACK_V6;
    return new Target(Optional.of(LbEndpoint.of(new Endpoint(own, port))), false);
  }

  /** The pod's first address of the family asked for, else of the other. */
  private static IpAddress own(ProxyNode node, String endpoint) {
    boolean v6 = endpoint.startsWith("[");
    return node.ips().stream()
        .filter(address -> address.v6() == v6)
        .findFirst()
        .orElse(node.ips().get(0));
  }
}
