package dev.sidecarsim.host;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.Netfilter;
import dev.sidecarsim.netfilter.PacketType;
import dev.sidecarsim.netfilter.Skb;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The IP layer of one network namespace: interfaces, routes, rules, and the way of a packet through
 * them. Settings are a container's: ip_forward=1, rp_filter=0, accept_local=0, route_localnet=0.
 */
public final class IpStack {

  static final String LOOPBACK = "lo";

  /** From the moment a packet leaves by {@code lo} until it comes in again. */
  public static final long LOOPBACK_DELAY = Durations.micros(5);

  private final String name;
  private final Scheduler scheduler;
  private final Map<String, Interface> interfaces = new LinkedHashMap<>();
  private final RoutingTable routes = new RoutingTable();
  private final Netfilter netfilter;
  private final IpOutput output;
  private final IpInput input;
  private TransportLayer transport = TransportLayer.NONE;
  private SocketLookup sockets = SocketLookup.NONE;

  /**
   * Makes a namespace with {@code lo} alone.
   *
   * @param name the subject of its steps: the pod's or node's name
   */
  public IpStack(String name, Scheduler scheduler, Seed seed) {
    this.name = name;
    this.scheduler = scheduler;
    this.netfilter =
        new Netfilter(new RulesView(this), scheduler, seed.stream("netfilter/" + name));
    this.output = new IpOutput(this);
    this.input = new IpInput(this, output);
    addInterface(
        LOOPBACK,
        ImmutableList.of(InterfaceAddress.of("127.0.0.1/8"), InterfaceAddress.of("::1/128")),
        Wire.UNPLUGGED);
  }

  public String name() {
    return name;
  }

  public Netfilter netfilter() {
    return netfilter;
  }

  public RoutingTable routes() {
    return routes;
  }

  /** The interfaces in the order in which they were added, {@code lo} first. */
  public ImmutableList<Interface> interfaces() {
    return ImmutableList.copyOf(interfaces.values());
  }

  /**
   * Adds an interface and, for each address, the routes that the kernel adds by itself.
   *
   * @throws IllegalArgumentException if there is one of this name
   */
  public Interface addInterface(String device, List<InterfaceAddress> addresses, Wire wire) {
    if (interfaces.containsKey(device)) {
      throw new IllegalArgumentException(
          name + " has an interface " + device + " already; give the new one another name");
    }
    Interface added = new Interface(device, addresses, wire);
    interfaces.put(device, added);
    for (InterfaceAddress address : addresses) {
      addConnectedRoutes(added, address);
    }
    return added;
  }

  private void addConnectedRoutes(Interface link, InterfaceAddress address) {
    String device = link.name();
    Cidr subnet = address.subnet();
    IpAddress own = primary(link, address);
    boolean host = subnet.prefix() == own.width();
    local(Cidr.host(address.address()), Route.Type.LOCAL, device, own);
    if (!own.equals(address.address())) {
      return;
    }
    if (device.equals(LOOPBACK)) {
      local(subnet, Route.Type.LOCAL, device, own);
    } else if (!host) {
      routes.add(new Route(subnet, Route.Type.UNICAST, null, device, own, 0, RoutingTable.MAIN));
    }
    // fib_add_ifaddr(): a subnet of fewer than four addresses has no broadcast address
    if (own.v4() && subnet.prefix() < 31) {
      local(Cidr.host(subnet.last()), Route.Type.BROADCAST, device, own);
    }
  }

  /** The first address of the same subnet, in whose name the later ones speak. */
  private static IpAddress primary(Interface link, InterfaceAddress address) {
    for (InterfaceAddress other : link.addresses()) {
      if (other.prefix() == address.prefix() && other.subnet().equals(address.subnet())) {
        return other.address();
      }
    }
    return address.address();
  }

  private void local(Cidr block, Route.Type type, String device, IpAddress own) {
    routes.add(new Route(block, type, null, device, own, 0, RoutingTable.LOCAL));
  }

  /** Sets who takes the packets for this host. */
  public void setTransport(TransportLayer transport) {
    this.transport = transport;
  }

  /** Sets who answers whether a socket exists, for {@code -m socket} and TPROXY. */
  public void setSocketLookup(SocketLookup sockets) {
    this.sockets = sockets;
  }

  /**
   * A socket sends a packet.
   *
   * @param mark the socket's SO_MARK
   */
  public SendResult send(Packet packet, SocketOwner owner, int mark, Tracer tracer) {
    return output.send(packet, owner, mark, tracer, false);
  }

  /**
   * A raw socket sends a packet whose header it wrote itself (IP_HDRINCL): the first routing does
   * not look at its source, so a source that is not this host's can leave.
   */
  public SendResult sendRaw(Packet packet, SocketOwner owner, int mark, Tracer tracer) {
    return output.send(packet, owner, mark, tracer, true);
  }

  /**
   * A packet arrives on an interface.
   *
   * @throws IllegalArgumentException if there is no such interface
   */
  public void receive(String device, Packet packet, Tracer tracer) {
    receive(device, packet, Skb.DEFAULT_MAC, packetType(packet.dst()), 0, tracer);
  }

  /**
   * A packet arrives on an interface, with what the link layer knows of it.
   *
   * @param mark a mark that the driver gives it
   */
  public void receive(
      String device, Packet packet, String mac, PacketType type, int mark, Tracer tracer) {
    if (!interfaces.containsKey(device)) {
      throw new IllegalArgumentException(
          name + " has no interface " + device + "; it has " + interfaces.keySet());
    }
    Skb skb = new Skb(packet, mark, tracer);
    skb.arriveBy(device, mac, type);
    input.receive(skb);
  }

  PacketType packetType(IpAddress destination) {
    return AddressTypes.frameTo(routes, destination);
  }

  /** The source that the kernel would choose towards a destination; empty if no route is there. */
  public Optional<IpAddress> sourceFor(IpAddress destination) {
    Route route = output.route(null, destination, 0);
    return route == null ? Optional.empty() : Optional.ofNullable(sourceOf(route, destination));
  }

  private @Nullable IpAddress sourceOf(Route route, IpAddress destination) {
    if (destination.v6()) {
      return Ipv6Sources.select(interfaces(), route.device(), destination);
    }
    if (route.source() != null) {
      return route.source();
    }
    if (route.type() == Route.Type.LOCAL) {
      return destination;
    }
    return addressTowards(route.device(), route.nextHop(destination));
  }

  /** Whether packets to an address are delivered on this host. */
  public boolean isLocal(IpAddress address) {
    Route route = routes.lookup(address, 0);
    return route != null && route.type() == Route.Type.LOCAL;
  }

  /**
   * SO_ORIGINAL_DST of an accepted TCP connection: where the caller wanted to go. Of a tracked
   * connection that no rule translated it is the local address; empty (ENOENT) if connection
   * tracking does not know it.
   *
   * @param local the accepted socket's own address
   * @param peer the caller's address as the socket sees it
   */
  public Optional<Endpoint> originalDestination(Endpoint local, Endpoint peer) {
    return netfilter.conntrack().originalDestination(local, peer);
  }

  SocketLookup sockets() {
    return sockets;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  TransportLayer transport() {
    return transport;
  }

  @Nullable Interface device(String device) {
    return interfaces.get(device);
  }

  void hear(Skb copy, String device) {
    input.receiveCopy(copy, device);
  }

  /** Puts a packet that left by {@code lo} back in, with all that the kernel knows of it. */
  void loop(Skb skb) {
    scheduler.after(LOOPBACK_DELAY, () -> input.receiveFromLoopback(skb));
  }

  /**
   * The interface's address towards a neighbour, or the first global address of any interface where
   * it has none ({@code inet_select_addr()}).
   */
  @Nullable IpAddress addressTowards(String device, IpAddress neighbour) {
    if (neighbour.v6()) {
      return Ipv6Sources.select(interfaces(), device, neighbour);
    }
    Interface own = interfaces.get(device);
    IpAddress address = own == null ? null : own.addressTowards(neighbour);
    if (address != null) {
      return address;
    }
    for (Interface other : interfaces.values()) {
      IpAddress first = other.firstGlobal(neighbour.v6());
      if (first != null) {
        return first;
      }
    }
    return null;
  }
}
