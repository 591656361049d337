package dev.sidecarsim.ztunnel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * Who may call a pod ({@code assert_rbac()} of ztunnel's state.rs): callers without an identity
 * only where mTLS is not demanded, nobody whom a DENY policy matches, and if there are ALLOW
 * policies only those whom one matches.
 *
 * @param strict whether mTLS is demanded on ports of which {@code strictPorts} says nothing
 * @param strictPorts the same for single ports
 */
public record Access(
    boolean strict,
    ImmutableMap<Integer, Boolean> strictPorts,
    ImmutableList<AccessPolicy> policies) {

  /**
   * A connection that asks to be let in.
   *
   * @param identity the caller's, if it has shown one
   * @param destination what the application is called on
   */
  record Call(Optional<String> identity, IpAddress source, Endpoint destination) {}

  /**
   * Why a call is turned away.
   *
   * @param plaintext whether it is for want of mTLS
   */
  record Denial(boolean plaintext, String why) {}

  /** The objection to a call; empty if it may pass. */
  Optional<Denial> check(Call call) {
    int port = call.destination().port();
    if (call.identity().isEmpty() && strictPorts.getOrDefault(port, strict)) {
      return Optional.of(new Denial(true, "PeerAuthentication STRICT: the caller has no identity"));
    }
    Optional<AccessPolicy> denying = matching(AccessPolicy.Action.DENY, call);
    if (denying.isPresent()) {
      return Optional.of(new Denial(false, "explicitly denied by " + denying.get().name()));
    }
    boolean open = policies.stream().noneMatch(p -> p.action() == AccessPolicy.Action.ALLOW);
    return open || matching(AccessPolicy.Action.ALLOW, call).isPresent()
        ? Optional.empty()
        : Optional.of(new Denial(false, "allow policies exist, but none allowed it"));
  }

  private Optional<AccessPolicy> matching(AccessPolicy.Action action, Call call) {
    return policies.stream()
        .filter(policy -> policy.action() == action && policy.matches(call))
        .findFirst();
  }
}
