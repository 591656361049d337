package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The listeners of services, and what becomes of services that want the same one ({@code
 * buildSidecarOutboundListener()} of pilot/pkg/networking/core/listener.go): HTTP beside TCP makes
 * a listener that tells them apart, a second service of unknown protocol gets no chain.
 */
final class OutboundListeners {

  private final IstiodContext context;
  private final ProxyNode node;
  private final Routing routing;
  private final Map<Endpoint, OutboundListener> listeners = new LinkedHashMap<>();

  OutboundListeners(IstiodContext context, ProxyNode node, Routing routing) {
    this.context = context;
    this.node = node;
    this.routing = routing;
  }

  /**
   * Where the listeners of a Sidecar's entry stand.
   *
   * @param bind their address; empty for that of each service
   * @param bound whether they have sockets
   */
  record Place(Optional<IpAddress> bind, boolean bound) {}

  /** Those made so far take no further services. */
  void lock() {
    listeners.values().forEach(OutboundListener::lock);
  }

  /** Adds a port of a service. */
  void add(MeshService service, MeshService.Port port, Place place) {
    boolean http = context.outbound(port.protocol()).isHttp();
    if (isReserved(port.number()) && place.bind().map(this::isWildcard).orElse(http)) {
      return;
    }
    if (http) {
      addHttp(new Endpoint(place.bind().orElse(node.wildcard()), port.number()), place);
    } else if (place.bind().isPresent()) {
      Endpoint own = new Endpoint(place.bind().get(), port.number());
      boolean nameless =
          service.addresses().isEmpty()
              ? isWildcard(own.address())
              : service.addresses().stream().anyMatch(OutboundListeners::isBlock);
      add(own, place, service, port, ImmutableList.of(), nameless);
    } else if (service.addresses().isEmpty()) {
      Endpoint own = new Endpoint(node.wildcard(), port.number());
      add(own, place, service, port, ImmutableList.of(), true);
    } else {
      service.addresses().forEach(address -> addAt(address, service, port, place));
    }
  }

  /**
   * Whether Envoy listens there for itself. Releases before 1.19 (15021, 15090) and 1.21 ask for
   * such a listener on the wildcard all the same, and Envoy refuses it.
   */
  private boolean isReserved(int port) {
    return Bootstrap.STATIC_PORTS.contains(port) || context.capturePorts().contains(port);
  }

  private boolean isWildcard(IpAddress address) {
    return address.equals(node.wildcard());
  }

  /** Adds a listener for each instance that takes traffic, on the service's port. */
  void addPerInstance(MeshService service, MeshService.Port port, Place place) {
    for (MeshService.Instance instance : port.instances()) {
      if (instance.address().isPresent() && !instance.address().get().equals(node.ips().get(0))) {
        Endpoint own = new Endpoint(instance.address().get(), port.number());
        add(own, place, service, port, ImmutableList.of(), false);
      }
    }
  }

  /** A listener at a single address; a block of them is told by a chain of the wildcard's. */
  private void addAt(Cidr address, MeshService service, MeshService.Port port, Place place) {
    if (isBlock(address)) {
      Endpoint shared = new Endpoint(node.wildcard(), port.number());
      add(shared, place, service, port, ImmutableList.of(address), true);
    } else if (address.address().v6() ? node.hasV6() : node.hasV4()) {
      Endpoint own = new Endpoint(address.address(), port.number());
      add(own, place, service, port, ImmutableList.of(), false);
    }
  }

  private static boolean isBlock(Cidr address) {
    return !address.isHost();
  }

  private void addHttp(Endpoint own, Place place) {
    boolean sniffed = isWildcard(own.address());
    String routes = Integer.toString(own.port());
    OutboundListener known = listeners.get(own);
    if (known == null) {
      ServiceProtocol speaks = sniffed ? ServiceProtocol.AUTO : ServiceProtocol.HTTP;
      OutboundListener listener = new OutboundListener(own, place.bound(), speaks);
      listener.http(routes, sniffed);
      listeners.put(own, listener);
    } else if (!known.locked()
        && known.protocol() != ServiceProtocol.AUTO
        && known.protocol().shares(ServiceProtocol.HTTP)
        && !known.protocol().isHttp()) {
      known.http(routes, sniffed);
      known.speaksEverything();
    }
  }

  private void add(
      Endpoint own,
      Place place,
      MeshService service,
      MeshService.Port port,
      ImmutableList<Cidr> addresses,
      boolean nameless) {
    ServiceProtocol protocol = context.outbound(port.protocol());
    boolean sniffed = protocol == ServiceProtocol.AUTO;
    OutboundListener known = listeners.get(own);
    if (known == null || (sniffed && known.protocol().isHttp() && !known.locked())) {
      known = new OutboundListener(own, place.bound(), protocol);
      listeners.put(own, known);
    } else if (known.locked()
        || !known.protocol().shares(protocol)
        || (sniffed && known.protocol() == ServiceProtocol.AUTO)) {
      return;
    } else if (sniffed || known.protocol().isHttp()) {
      known.speaksEverything();
    }
    if (sniffed) {
      known.http(isWildcard(own.address()) ? shared(port) : routes(service, port), true);
    }
    for (Routing.Way way : routing.ways(service, port, addresses, nameless)) {
      known.add(context.spoken(protocol).map(way::through).orElse(way));
    }
  }

  private static String shared(MeshService.Port port) {
    return Integer.toString(port.number());
  }

  /** The name of the routes of a service's port of unknown protocol. */
  static String routes(MeshService service, MeshService.Port port) {
    return service.host() + ":" + port.number();
  }

  /**
   * The listeners.
   *
   * @param rest the chain of all that no other takes
   */
  ImmutableList<Listener> build(FilterChain rest) {
    long timeout = context.resources().mesh().protocolDetectionTimeoutNanos();
    return listeners.values().stream()
        .map(listener -> listener.build(context, rest, timeout))
        .collect(ImmutableList.toImmutableList());
  }
}
