package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableTable;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Ports as rules name them: by number or as {@code /etc/services} has them. */
final class Services {

  /** The protocols that getaddrinfo() looks a service up for, in this order. */
  private static final ImmutableList<String> PROTOCOLS = ImmutableList.of("tcp", "udp", "sctp");

  private static final ImmutableTable<String, String, Integer> PORTS = load();

  private Services() {}

  private static ImmutableTable<String, String, Integer> load() {
    ImmutableTable.Builder<String, String, Integer> ports = ImmutableTable.builder();
    try {
      for (String line :
          Resources.readLines(
              Resources.getResource(Services.class, "services.txt"), StandardCharsets.UTF_8)) {
        if (!line.startsWith("#")) {
          List<String> words = Splitter.on(' ').splitToList(line);
          for (String protocol : Splitter.on(',').split(words.get(2))) {
            ports.put(words.get(0), protocol, Integer.valueOf(words.get(1)));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ports.buildOrThrow();
  }

  /** A service of any protocol, by its name alone; -1 if there is none. */
  static int named(String name) {
    for (String protocol : PROTOCOLS) {
      Integer port = PORTS.get(name, protocol);
      if (port != null) {
        return port;
      }
    }
    return -1;
  }

  /** Reads a number, in C's notation, or the name of a protocol's service. */
  static int port(String text, String protocol) {
    Integer named = PORTS.get(text, protocol);
    return (int)
        Numbers.whole(text, 0, 65535).orElseGet(() -> named == null ? unknown(text) : named);
  }

  /**
   * Reads a port as getaddrinfo() does: decimals, of which the lower 16 bits count, or a service's
   * name.
   */
  static int anyPort(String text) {
    CNumber number = CNumber.read(text, 0, 10);
    long value = number.negative() ? -number.value() : number.value();
    boolean whole = number.end() == text.length() && !number.overflow() && (int) value >= 0;
    int named = whole ? -1 : named(text);
    return whole ? (int) value & 0xffff : named >= 0 ? named : unknown(text);
  }

  private static int unknown(String text) {
    throw new BadRule(
        "invalid port/service `" + text + "' specified; a port is 0 to 65535 or a service's name");
  }
}
