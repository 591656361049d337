package dev.sidecarsim.sim;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.InterfaceAddress;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All namespaces of a run and the segments that join them. */
public final class Network {

  private final Scheduler scheduler;
  private final Seed seed;
  private final Map<String, NetworkNamespace> namespaces = new LinkedHashMap<>();
  private final Map<String, Segment> segments = new LinkedHashMap<>();

  Network(Scheduler scheduler, Seed seed) {
    this.scheduler = scheduler;
    this.seed = seed;
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  public Seed seed() {
    return seed;
  }

  /**
   * Makes a namespace with nothing but {@code lo}.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public NetworkNamespace namespace(String name) {
    NetworkNamespace namespace = new NetworkNamespace(name, scheduler, seed);
    if (namespaces.putIfAbsent(name, namespace) != null) {
      throw new IllegalArgumentException(
          "there is a namespace '" + name + "' already; give each one a name of its own");
    }
    return namespace;
  }

  /** Takes a namespace and its cables away; what it was about to receive is lost. */
  public void remove(NetworkNamespace namespace) {
    namespaces.remove(namespace.name(), namespace);
    segments.values().forEach(segment -> segment.detach(namespace));
  }

  public Collection<NetworkNamespace> namespaces() {
    return Collections.unmodifiableCollection(namespaces.values());
  }

  /**
   * Makes a link layer that several namespaces can be attached to.
   *
   * @param delayNanos how long a packet travels, in nanoseconds
   */
  public Segment segment(String name, long delayNanos) {
    Segment segment = new Segment(name, delayNanos, scheduler, seed);
    if (segments.putIfAbsent(name, segment) != null) {
      throw new IllegalArgumentException(
          "there is a segment '" + name + "' already; give each one a name of its own");
    }
    return segment;
  }

  /** The segments that an interface of the namespace is plugged into, oldest first. */
  public ImmutableList<Segment> segmentsOf(NetworkNamespace namespace) {
    return segments.values().stream()
        .filter(segment -> segment.reaches(namespace))
        .collect(ImmutableList.toImmutableList());
  }

  /** A segment by its name, also after what it joined is gone. */
  public Optional<Segment> findSegment(String name) {
    return Optional.ofNullable(segments.get(name));
  }

  /** Joins two namespaces by a cable of their own, as a veth pair does. */
  public Segment cable(End a, End b, long delayNanos) {
    Segment cable = segment(a + " - " + b, delayNanos);
    cable.pointToPoint();
    cable.attach(a.namespace(), a.iface(), a.addresses());
    cable.attach(b.namespace(), b.iface(), b.addresses());
    return cable;
  }

  /**
   * One end of a cable: an interface to make.
   *
   * @param addresses the interface's addresses, the first being its primary one
   */
  public record End(NetworkNamespace namespace, String iface, List<InterfaceAddress> addresses) {
    @Override
    public String toString() {
      return namespace + " " + iface;
    }
  }
}
