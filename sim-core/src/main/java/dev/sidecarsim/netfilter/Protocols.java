package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Protocol;
import java.util.Locale;

/** Protocols as {@code -p} reads them. */
final class Protocols {

  static final Protocol ALL = new Protocol(0);

  private Protocols() {}

  static Protocol parse(String text) {
    if (text.toLowerCase(Locale.ROOT).equals("all")) {
      return ALL;
    }
    try {
      return Protocol.of(text);
    } catch (IllegalArgumentException e) {
      throw new BadRule(
          "unknown protocol \"" + text + "\" specified; write a name such as tcp or a number");
    }
  }
}
