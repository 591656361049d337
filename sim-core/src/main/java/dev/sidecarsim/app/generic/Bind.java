package dev.sidecarsim.app.generic;

import dev.sidecarsim.net.IpAddress;
import java.util.Optional;
import java.util.function.Function;

/** The address that a port is bound to. */
public sealed interface Bind {

  /** Every address. */
  Bind WILDCARD = new Address(IpAddress.ANY_V4);

  /** The pod's own address. */
  Bind POD = new PodIp();

  /** 127.0.0.1. */
  Bind LOOPBACK = new Address(IpAddress.LOOPBACK_V4);

  /** The address in a pod; empty if there is none, as for a name that DNS does not know. */
  Optional<IpAddress> in(IpAddress podIp, Function<String, Optional<IpAddress>> resolver);

  /** {@code pod}, an address, or a name that is looked up when the port is bound. */
  static Bind of(String text) {
    if (text.equals("pod")) {
      return POD;
    }
    return IpAddress.isLiteral(text) ? new Address(IpAddress.of(text)) : new Name(text);
  }

  /** A fixed address. */
  record Address(IpAddress address) implements Bind {
    @Override
    public Optional<IpAddress> in(IpAddress podIp, Function<String, Optional<IpAddress>> resolver) {
      return Optional.of(address);
    }
  }

  /** The pod's own address. */
  record PodIp() implements Bind {
    @Override
    public Optional<IpAddress> in(IpAddress podIp, Function<String, Optional<IpAddress>> resolver) {
      return Optional.of(podIp);
    }
  }

  /** What a name stands for when the port is bound. */
  record Name(String name) implements Bind {
    @Override
    public Optional<IpAddress> in(IpAddress podIp, Function<String, Optional<IpAddress>> resolver) {
      return resolver.apply(name);
    }
  }
}
