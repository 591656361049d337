package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Protocol;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whom some pods may talk to. A pod that a policy selects for a direction talks to those alone that
 * one of its policies for that direction lets through.
 *
 * @param pods the pods that it is for, of its own namespace
 * @param ingress who may call them; empty if the policy says nothing about that
 * @param egress whom they may call; empty if the policy says nothing about that
 */
public record NetworkPolicy(
    ObjectMeta meta,
    LabelSelector pods,
    Optional<ImmutableList<Rule>> ingress,
    Optional<ImmutableList<Rule>> egress) {

  /**
   * Some connections that are let through.
   *
   * @param peers the other ends; empty for everybody
   * @param ports the called ports; empty for all
   */
  public record Rule(ImmutableList<Peer> peers, ImmutableList<Port> ports) {}

  /** Some other ends of connections. */
  public sealed interface Peer {}

  /** Addresses, without some. */
  public record Block(Cidr cidr, ImmutableList<Cidr> except) implements Peer {}

  /**
   * Pods.
   *
   * @param namespaces where they are; empty for the policy's own namespace
   */
  public record Pods(LabelSelector pods, Optional<LabelSelector> namespaces) implements Peer {}

  /**
   * Some ports of a protocol.
   *
   * @param port empty for all ports
   * @param endPort the last port of a range that starts with {@code port}
   */
  public record Port(Protocol protocol, Optional<PortRef> port, OptionalInt endPort) {}

  /** Whether it is for a pod. */
  boolean covers(Pod pod) {
    return pod.namespace().equals(meta.namespace()) && pods.selects(pod.meta().labels());
  }
}
