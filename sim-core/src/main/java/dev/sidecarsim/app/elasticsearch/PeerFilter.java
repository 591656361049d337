package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.Collection;
import java.util.List;

/**
 * Whom x-pack's IP filter lets in, by the address that it sees: who is on the list of those that
 * are allowed, and everybody who is not on the list of those that are denied. The addresses that
 * the port is bound to are always allowed ({@code always_allow_bound_address}).
 *
 * <p>It needs a licence that has it, which the node is taken to have.
 */
record PeerFilter(ImmutableList<Cidr> allowed, ImmutableList<Cidr> denied) {

  static final PeerFilter NONE = new PeerFilter(ImmutableList.of(), ImmutableList.of());

  private static final ImmutableList<Cidr> ALL =
      ImmutableList.of(Cidr.of("0.0.0.0/0"), Cidr.of("::/0"));

  /**
   * Reads both lists of {@code xpack.security.transport.filter}, or of {@code http.filter}.
   *
   * @throws IllegalArgumentException if one has a name in it, which the model does not look up
   */
  static PeerFilter of(List<String> allow, List<String> deny) {
    return new PeerFilter(rules(allow), rules(deny));
  }

  private static ImmutableList<Cidr> rules(List<String> words) {
    ImmutableList.Builder<Cidr> rules = ImmutableList.builder();
    for (String word : words) {
      if (word.equals("_all")) {
        rules.addAll(ALL);
      } else if (word.matches("[0-9a-fA-F.:]+(?:/\\d{1,3})?")) {
        rules.add(Cidr.of(word));
      } else {
        throw new IllegalArgumentException(
            "'" + word + "' in an IP filter is a name; write addresses, blocks or _all");
      }
    }
    return rules.build();
  }

  /**
   * Whether a caller is turned away.
   *
   * @param bound the addresses that the port is bound to
   */
  boolean refuses(IpAddress peer, Collection<IpAddress> bound) {
    return !bound.contains(peer)
        && allowed.stream().noneMatch(rule -> rule.contains(peer))
        && denied.stream().anyMatch(rule -> rule.contains(peer));
  }
}
