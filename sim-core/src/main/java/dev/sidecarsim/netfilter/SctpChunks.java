package dev.sidecarsim.netfilter;

import com.google.common.base.CharMatcher;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Locale;
import java.util.TreeMap;

/** {@code --chunk-types all|any|only TYPES} of {@code -m sctp}, which is read but not modelled. */
final class SctpChunks {

  /** Chunk types by number (RFC 9260, 3.2, and its extensions). */
  private static final ImmutableMap<String, Integer> TYPES =
      ImmutableMap.<String, Integer>builder()
          .put("DATA", 0)
          .put("INIT", 1)
          .put("INIT_ACK", 2)
          .put("SACK", 3)
          .put("HEARTBEAT", 4)
          .put("HEARTBEAT_ACK", 5)
          .put("ABORT", 6)
          .put("SHUTDOWN", 7)
          .put("SHUTDOWN_ACK", 8)
          .put("ERROR", 9)
          .put("COOKIE_ECHO", 10)
          .put("COOKIE_ACK", 11)
          .put("ECN_ECNE", 12)
          .put("ECN_CWR", 13)
          .put("SHUTDOWN_COMPLETE", 14)
          .put("I_DATA", 64)
          .put("RE_CONFIG", 130)
          .put("PAD", 132)
          .put("ASCONF", 193)
          .put("ASCONF_ACK", 128)
          .put("FORWARD_TSN", 192)
          .put("I_FORWARD_TSN", 194)
          .buildOrThrow();

  private static final ImmutableMap<String, String> FLAGS =
      ImmutableMap.of("DATA", "IUBE", "I_DATA", "IUBE", "ABORT", "T", "SHUTDOWN_COMPLETE", "T");

  private SctpChunks() {}

  static String text(ImmutableList<String> words) {
    String how = String.valueOf(Forms.oneOfAnyCase("all", "any", "only").text(words));
    String types = words.get(1);
    if (types.equalsIgnoreCase("ALL") || types.equalsIgnoreCase("NONE")) {
      return how + " " + types.toUpperCase(Locale.ROOT);
    }
    TreeMap<Integer, String> chunks = new TreeMap<>();
    for (String type : Splitter.on(',').omitEmptyStrings().split(types)) {
      int colon = type.indexOf(':');
      String name = (colon < 0 ? type : type.substring(0, colon)).toUpperCase(Locale.ROOT);
      Integer number = TYPES.get(name);
      if (number == null) {
        throw new BadRule("Unknown sctp chunk `" + type + "'; chunks are " + TYPES.keySet());
      }
      chunks.put(number, name + (colon < 0 ? "" : flags(name, type.substring(colon + 1))));
    }
    return how + " " + (chunks.isEmpty() ? "NONE" : Joiner.on(',').join(chunks.values()));
  }

  /** A capital letter asks for a flag, a small one for its absence. */
  private static String flags(String chunk, String given) {
    String known = FLAGS.getOrDefault(chunk, "");
    if (!CharMatcher.anyOf(known).matchesAllOf(given.toUpperCase(Locale.ROOT))) {
      throw new BadRule("Invalid flags for chunk type " + chunk + ": " + given);
    }
    StringBuilder out = new StringBuilder();
    for (String flag : Splitter.fixedLength(1).split(known)) {
      String small = flag.toLowerCase(Locale.ROOT);
      out.append(given.contains(flag) ? flag : given.contains(small) ? small : "");
    }
    return out.isEmpty() ? "" : ":" + out;
  }
}
