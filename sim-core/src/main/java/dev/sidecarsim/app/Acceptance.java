package dev.sidecarsim.app;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Whom a program takes calls from, by the address that it sees (getpeername). */
public sealed interface Acceptance {

  /** Everybody. */
  Acceptance ANYONE = new Anyone();

  /** Says why a caller is turned away; empty if it is let in. */
  Optional<String> refuse(IpAddress peer, Function<String, List<IpAddress>> resolver);

  /** Everybody. */
  record Anyone() implements Acceptance {
    @Override
    public Optional<String> refuse(IpAddress peer, Function<String, List<IpAddress>> resolver) {
      return Optional.empty();
    }
  }

  /** Addresses in one of these networks: pg_hba.conf, an allow-list, a firewall file. */
  record Networks(ImmutableList<Cidr> networks) implements Acceptance {
    @Override
    public Optional<String> refuse(IpAddress peer, Function<String, List<IpAddress>> resolver) {
      return networks.stream().anyMatch(network -> network.contains(peer))
          ? Optional.empty()
          : Optional.of("no entry allows " + peer);
    }
  }

  /** Addresses that one of these names stands for, such as a firewall's file of nodes. */
  record Names(ImmutableList<String> names) implements Acceptance {
    @Override
    public Optional<String> refuse(IpAddress peer, Function<String, List<IpAddress>> resolver) {
      boolean known =
          names.stream()
              .anyMatch(
                  name -> name.equals(peer.toString()) || resolver.apply(name).contains(peer));
      return known
          ? Optional.empty()
          : Optional.of("\"" + peer + "\" does not match any of the names " + names);
    }
  }
}
