package dev.sidecarsim.host;

import dev.sidecarsim.net.IpAddress;
import java.util.List;

/** What a host's name service answers. */
@FunctionalInterface
public interface Resolver {

  /** Knows no name. */
  Resolver NONE = name -> List.of();

  /** The addresses of a name, in order; empty for NXDOMAIN. */
  List<IpAddress> resolve(String name);

  /** The name service that a program of a user gets to: rules may lead questions elsewhere. */
  default Resolver askedBy(SocketOwner owner) {
    return this;
  }
}
