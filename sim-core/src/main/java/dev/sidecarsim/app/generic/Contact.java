package dev.sidecarsim.app.generic;

import dev.sidecarsim.net.IpAddress;

/**
 * By which addresses members know each other.
 *
 * @param callBack where a member that has called is called back
 * @param announced what a member says its own address is
 */
public record Contact(CallBack callBack, Announced announced) {

  /** By the names that a configuration has, which is what most do. */
  static final Contact NAMES = new Contact(CallBack.NAME, Announced.NAME);

  /** Where a member that has called is called back. */
  public enum CallBack {
    /** At its name. */
    NAME,
    /** Where its call is seen to come from (getpeername). */
    OBSERVED,
    /** Where it says it is. */
    ADVERTISED
  }

  /** What a member says its own address is. */
  public sealed interface Announced {

    /** Its name. */
    Announced NAME = new Name();

    /** The pod's address. */
    Announced POD = new PodIp();

    /**
     * The address at which it was called last (getsockname); before that it does not know, and
     * others take the address that its calls come from.
     */
    Announced REACHED = new Reached();

    /** Its name. */
    record Name() implements Announced {}

    /** The pod's address. */
    record PodIp() implements Announced {}

    /** The address at which it was called. */
    record Reached() implements Announced {}

    /** This one. */
    record Fixed(String host) implements Announced {}

    /** As the annotation has it: {@code name}, {@code pod}, {@code reached}, or a host. */
    static Announced of(String word) {
      return switch (word) {
        case "name" -> NAME;
        case "pod" -> POD;
        case "reached" -> REACHED;
        default -> new Fixed(word);
      };
    }
  }

  /** What a member says before anybody has called it. */
  String first(Names names, IpAddress podIp) {
    if (announced instanceof Announced.Fixed fixed) {
      return fixed.host();
    } else if (announced instanceof Announced.PodIp) {
      return podIp.toString();
    }
    return announced instanceof Announced.Name ? names.self() : Peers.Self.UNKNOWN;
  }
}
