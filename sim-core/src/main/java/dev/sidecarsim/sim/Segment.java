package dev.sidecarsim.sim;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.host.InterfaceAddress;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A link layer: it carries a packet to the attached interface that has the next hop's address.
 *
 * <p>Packets of one sender stay in order. Each takes the segment's delay and up to a quarter more,
 * drawn from the seed.
 */
public final class Segment {

  /** Three ARP requests, a second apart (mcast_solicit and retrans_time_ms of Linux). */
  private static final long ARP_FAILS_AFTER = 3 * SECOND;

  private final String name;
  private final long delayNanos;
  private final Scheduler scheduler;
  private final Random random;
  private final List<Attachment> attachments = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private boolean pointToPoint;

  Segment(String name, long delayNanos, Scheduler scheduler, Seed seed) {
    this.name = name;
    this.delayNanos = delayNanos;
    this.scheduler = scheduler;
    this.random = seed.stream("segment " + name);
  }

  public String name() {
    return name;
  }

  /** Makes an interface in the namespace and plugs it in. */
  public void attach(NetworkNamespace namespace, String iface, List<InterfaceAddress> addresses) {
    Attachment attachment = new Attachment(namespace, iface);
    attachments.add(attachment);
    namespace
        .ip()
        .addInterface(
            iface,
            addresses,
            (packet, nextHop, tracer) -> carry(attachment, packet, nextHop, tracer));
  }

  /** Adds a fault; it holds until it is healed. */
  public void inject(Fault fault) {
    faults.add(fault);
  }

  public void heal(Fault fault) {
    faults.remove(fault);
  }

  void pointToPoint() {
    pointToPoint = true;
  }

  boolean reaches(NetworkNamespace namespace) {
    return attachments.stream().anyMatch(attachment -> attachment.namespace == namespace);
  }

  void detach(NetworkNamespace namespace) {
    attachments.removeIf(attachment -> attachment.namespace == namespace);
  }

  private void carry(Attachment from, Packet packet, IpAddress nextHop, Tracer tracer) {
    Attachment to = owner(from, nextHop);
    if (to == null) {
      scheduler.after(ARP_FAILS_AFTER, () -> tellUnreachable(from, packet, tracer));
      return;
    }
    long extra = 0;
    for (Fault fault : faults) {
      if (fault.loses(from.namespace.name(), packet, random)) {
        return;
      }
      extra += fault.delays(from.namespace.name());
    }
    long travel = delayNanos + extra + (long) (random.nextFloat() * (delayNanos / 4f));
    long arrival = Math.max(scheduler.now() + travel, from.lastArrival);
    from.lastArrival = arrival;
    scheduler.after(
        arrival - scheduler.now(),
        () -> {
          if (attachments.contains(to)) {
            to.namespace.ip().receive(to.iface, packet, tracer);
          }
        });
  }

  private @Nullable Attachment owner(Attachment from, IpAddress nextHop) {
    for (Attachment to : attachments) {
      if (to != from && (pointToPoint || to.namespace.ip().isLocal(nextHop))) {
        return to;
      }
    }
    return null;
  }

  /** The kernel's own answer to a packet whose next hop did not answer ARP. */
  private void tellUnreachable(Attachment from, Packet packet, Tracer tracer) {
    from.namespace
        .ip()
        .sourceFor(packet.src())
        .ifPresent(
            source ->
                from.namespace
                    .ip()
                    .send(
                        Packet.icmp(source, packet.src(), unreachable(packet)),
                        SocketOwner.KERNEL,
                        0,
                        tracer));
  }

  /** Destination unreachable: host for IPv4 (RFC 792), address for IPv6 (RFC 4443). */
  private static Packet.Icmp unreachable(Packet packet) {
    return packet.src().v6() ? new Packet.Icmp(1, 3, 0, packet) : new Packet.Icmp(3, 1, 0, packet);
  }

  @Override
  public String toString() {
    return name;
  }

  private static final class Attachment {
    private final NetworkNamespace namespace;
    private final String iface;
    private long lastArrival;

    Attachment(NetworkNamespace namespace, String iface) {
      this.namespace = namespace;
      this.iface = iface;
    }
  }
}
