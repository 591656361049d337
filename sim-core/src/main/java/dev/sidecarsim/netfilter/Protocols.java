package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Protocol;
import java.util.Locale;
import java.util.OptionalLong;

/** Protocols as {@code -p} reads them. */
final class Protocols {

  static final Protocol ALL = new Protocol(0);

  /** Which iptables knows by names that {@code /etc/protocols} has not. */
  private static final Protocol MOBILITY = new Protocol(135);

  private Protocols() {}

  static Protocol parse(String text) {
    OptionalLong number = Numbers.whole(text, 0, 255);
    if (number.isPresent()) {
      return new Protocol((int) number.getAsLong());
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "all", "ip", "hopopt" -> ALL;
      case "mh", "ipv6-mh" -> MOBILITY;
      default -> named(text);
    };
  }

  private static Protocol named(String text) {
    try {
      if (!text.isEmpty() && Character.isLetter(text.charAt(0))) {
        return Protocol.of(text);
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new BadRule(
        "unknown protocol \"" + text + "\" specified; write a name such as tcp or a number");
  }
}
