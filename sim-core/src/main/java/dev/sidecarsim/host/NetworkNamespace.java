package dev.sidecarsim.host;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.List;

/** A network stack of its own: what a pod or a node has. */
public final class NetworkNamespace {

  private final String name;
  private final Scheduler scheduler;
  private final IpStack ip;
  private final TcpStack tcp;
  private Resolver resolver = Resolver.NONE;

  public NetworkNamespace(String name, Scheduler scheduler, Seed seed) {
    this.name = name;
    this.scheduler = scheduler;
    this.ip = new IpStack(name, scheduler, seed);
    this.tcp = new TcpStack(this, seed);
    ip.setTransport(new Transport());
    ip.setSocketLookup(tcp::takes);
  }

  public String name() {
    return name;
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  /** Interfaces, routes, rules and connection tracking. */
  public IpStack ip() {
    return ip;
  }

  public Resolver resolver() {
    return resolver;
  }

  public void resolver(Resolver names) {
    this.resolver = names;
  }

  /** Starts a program here. */
  public Process process(String program, SocketOwner owner) {
    return new Process(this, program, owner);
  }

  /** All TCP sockets, as {@code netstat -tan} lists them: listening ones first. */
  public List<SocketRow> sockets() {
    return tcp.rows();
  }

  /**
   * Loses all connections, as a machine does whose power fails: neither FIN nor RST leaves, now or
   * later, and no program is told.
   */
  public void losePower() {
    tcp.forgetAll();
  }

  TcpStack tcp() {
    return tcp;
  }

  private final class Transport implements TransportLayer {
    @Override
    public void deliver(Packet packet, Tracer tracer) {
      if (packet.protocol().equals(Protocol.TCP)) {
        tcp.receive(packet, tracer);
      } else if (packet.icmp() != null && packet.icmp().quoted() != null) {
        tcp.receiveError(packet.icmp(), tracer);
      }
    }

    @Override
    public void deliverTo(Endpoint socket, Packet packet, Tracer tracer) {
      if (packet.protocol().equals(Protocol.TCP)) {
        tcp.receive(packet, socket, tracer);
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
