package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Protocol;
import java.util.Locale;

/** Protocols as {@code -p} reads them. */
final class Protocols {

  static final Protocol ALL = new Protocol(0);

  /** Which iptables knows by names that {@code /etc/protocols} has not. */
  private static final Protocol MOBILITY = new Protocol(135);

  private Protocols() {}

  static Protocol parse(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    if (name.equals("all")) {
      return ALL;
    }
    if (name.equals("mh") || name.equals("ipv6-mh")) {
      return MOBILITY;
    }
    long number = Numbers.read(text);
    if (number >= 0 && number <= 255) {
      return new Protocol((int) number);
    }
    try {
      return Protocol.of(text);
    } catch (IllegalArgumentException e) {
      throw new BadRule(
          "unknown protocol \"" + text + "\" specified; write a name such as tcp or a number");
    }
  }
}
