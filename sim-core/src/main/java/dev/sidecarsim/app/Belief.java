package dev.sidecarsim.app;

import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * What a member's address book says of another member, or of itself.
 *
 * @param holder the pod that believes it
 * @param about the pod that is meant
 * @param host the address or name that the holder would dial, or tells others to dial
 * @param resolved what the name stands for in the holder's pod; empty if nothing
 * @param right whether the pod that is meant has this address
 */
public record Belief(
    String holder,
    String about,
    String host,
    int port,
    Optional<IpAddress> resolved,
    boolean right) {

  /** The entry as applications print it. */
  public String address() {
    return host + ":" + port;
  }
}
