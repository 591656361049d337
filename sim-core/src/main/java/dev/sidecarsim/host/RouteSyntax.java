package dev.sidecarsim.host;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what follows {@code ip route add} and {@code ip rule add}. */
final class RouteSyntax {

  private static final ImmutableMap<String, Route.Type> TYPES =
      ImmutableMap.<String, Route.Type>builder()
          .put("unicast", Route.Type.UNICAST)
          .put("local", Route.Type.LOCAL)
          .put("broadcast", Route.Type.BROADCAST)
          .put("multicast", Route.Type.MULTICAST)
          .put("unreachable", Route.Type.UNREACHABLE)
          .put("blackhole", Route.Type.BLACKHOLE)
          .put("prohibit", Route.Type.PROHIBIT)
          .buildOrThrow();

  private static final ImmutableMap<String, Integer> TABLES =
      ImmutableMap.of("local", 255, "main", 254, "default", 253);

  private RouteSyntax() {}

  /** A rule that sends marked packets to a table. */
  record MarkRule(int mark, int mask, int table) {}

  static Route route(String text) {
    Iterator<String> words = words(text);
    String first = next(words, text);
    Route.Type type = TYPES.get(first);
    String destination = type == null ? first : next(words, text);
    IpAddress via = null;
    IpAddress source = null;
    String device = "";
    int metric = 0;
    int table = type == Route.Type.LOCAL ? RoutingTable.LOCAL : RoutingTable.MAIN;
    while (words.hasNext()) {
      String key = words.next();
      switch (key) {
        case "via" -> via = IpAddress.of(next(words, text));
        case "dev" -> device = next(words, text);
        case "src" -> source = IpAddress.of(next(words, text));
        case "metric" -> metric = number(next(words, text), text);
        case "table" -> table = table(next(words, text), text);
        case "proto", "scope" -> next(words, text);
        case "onlink" -> {}
        default -> throw bad(text, "'" + key + "' is not modelled");
      }
    }
    return new Route(
        block(destination, via),
        type == null ? Route.Type.UNICAST : type,
        via,
        device,
        source,
        metric,
        table);
  }

  private static Cidr block(String destination, @Nullable IpAddress via) {
    if (!destination.equals("default")) {
      return Cidr.of(destination);
    }
    return new Cidr(via != null && via.v6() ? IpAddress.ANY_V6 : IpAddress.ANY_V4, 0);
  }

  static MarkRule rule(String text) {
    Iterator<String> words = words(text);
    int mark = 0;
    int mask = 0;
    int table = -1;
    while (words.hasNext()) {
      String key = words.next();
      switch (key) {
        case "fwmark" -> {
          String[] parts = next(words, text).split("/", 2);
          mark = bits(parts[0], text);
          mask = parts.length == 2 ? bits(parts[1], text) : -1;
        }
        case "lookup", "table" -> table = table(next(words, text), text);
        default -> throw bad(text, "'" + key + "' is not modelled; a rule is fwmark M lookup T");
      }
    }
    if (table < 0) {
      throw bad(text, "it names no table; a rule is fwmark M lookup T");
    }
    return new MarkRule(mark, mask, table);
  }

  private static Iterator<String> words(String text) {
    return Splitter.on(' ').omitEmptyStrings().trimResults().split(text).iterator();
  }

  private static String next(Iterator<String> words, String text) {
    if (!words.hasNext()) {
      throw bad(text, "a word is missing at its end");
    }
    return words.next();
  }

  private static int table(String word, String text) {
    Integer known = TABLES.get(word.toLowerCase(Locale.ROOT));
    return known != null ? known : number(word, text);
  }

  private static int number(String word, String text) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw bad(text, "'" + word + "' is not a number");
    }
  }

  private static int bits(String word, String text) {
    try {
      return (int) (long) Long.decode(word);
    } catch (NumberFormatException e) {
      throw bad(text, "'" + word + "' is not a mark");
    }
  }

  private static IllegalArgumentException bad(String text, String why) {
    return new IllegalArgumentException("cannot read the route or rule '" + text + "': " + why);
  }
}
