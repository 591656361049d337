package dev.sidecarsim.kube;

import dev.sidecarsim.net.Protocol;
import java.util.OptionalInt;

/** A port of a pod, by number or by the name that a container gives it. */
public sealed interface PortRef {

  /** The port's number in a pod; empty if no container port there has the name. */
  OptionalInt resolve(PodSpec pod, Protocol protocol);

  /** The port's number in one container; empty if none of its ports has the name. */
  OptionalInt resolve(ContainerSpec container);

  static PortRef of(int number) {
    return new Numbered(number);
  }

  static PortRef of(String name) {
    return new Named(name);
  }

  /** A port by its number, which holds whatever the containers declare. */
  record Numbered(int number) implements PortRef {
    public Numbered {
      ContainerPort.check(number);
    }

    @Override
    public OptionalInt resolve(PodSpec pod, Protocol protocol) {
      return OptionalInt.of(number);
    }

    @Override
    public OptionalInt resolve(ContainerSpec container) {
      return OptionalInt.of(number);
    }

    @Override
    public String toString() {
      return Integer.toString(number);
    }
  }

  /** A port by its name. */
  record Named(String name) implements PortRef {
    @Override
    public OptionalInt resolve(PodSpec pod, Protocol protocol) {
      return pod.containers().stream()
          .flatMap(container -> container.ports().stream())
          .filter(port -> port.isNamed(name) && port.protocol().equals(protocol))
          .mapToInt(ContainerPort::port)
          .findFirst();
    }

    @Override
    public OptionalInt resolve(ContainerSpec container) {
      return container.ports().stream()
          .filter(port -> port.isNamed(name))
          .mapToInt(ContainerPort::port)
          .findFirst();
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
