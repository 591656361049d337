package dev.sidecarsim.app.generic;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Certificates that both sides of a link show, each for the member's own name.
 *
 * @param others names and addresses that each has beside it
 */
record Certificates(ImmutableList<String> others) {

  /**
   * Says why a caller is turned away: one of the names in its certificate must stand for the
   * address that its call comes from, as etcd checks it.
   */
  Optional<String> refuse(
      Peers.Self caller, IpAddress from, Function<String, List<IpAddress>> resolver) {
    boolean known =
        namesOf(caller).stream()
            .anyMatch(name -> name.equals(from.toString()) || resolver.apply(name).contains(from));
    return known
        ? Optional.empty()
        : Optional.of("\"" + from + "\" does not match any of the names " + namesOf(caller));
  }

  /** Says why whoever answers a call is not taken for the one at the host that was called. */
  Optional<String> doubt(Peers.Self answerer, String called) {
    return namesOf(answerer).contains(called)
        ? Optional.empty()
        : Optional.of("certificate is valid for " + namesOf(answerer) + ", not " + called);
  }

  private ImmutableList<String> namesOf(Peers.Self member) {
    return ImmutableList.<String>builder().add(member.name()).addAll(others).build();
  }
}
