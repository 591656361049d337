package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Acceptance;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which nodes may be part of the cluster (FileBasedClusterNodeFirewall). It looks at the names in
 * the certificate that a node shows, as DNS knows them, and never at the address that a connection
 * comes from; so whoever shows no certificate is blocked. Certificates are taken to be for the host
 * that a node says.
 *
 * @param lines addresses, networks and names; empty for no restriction
 */
record Firewall(ImmutableList<String> lines, Function<String, List<IpAddress>> resolver) {

  static Firewall of(String text, Function<String, List<IpAddress>> resolver) {
    return new Firewall(
        text.lines()
            .map(line -> line.replaceAll("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .collect(ImmutableList.toImmutableList()),
        resolver);
  }

  /** Whether a node is kept out, by the names in its certificate. */
  boolean blocks(List<String> names) {
    return names.stream().noneMatch(this::permits);
  }

  private boolean permits(String name) {
    if (lines.isEmpty()) {
      return true;
    }
    Acceptance networks =
        new Acceptance.Networks(
            lines.stream()
                .flatMap(line -> networks(line).stream())
                .collect(ImmutableList.toImmutableList()));
    Optional<IpAddress> address = resolver.apply(name).stream().findFirst();
    return address.isPresent() && networks.refuse(address.get(), resolver).isEmpty();
  }

  private List<Cidr> networks(String line) {
    return line.contains("/")
        ? List.of(Cidr.of(line))
        : resolver.apply(line).stream().limit(1).map(Cidr::host).toList();
  }
}
