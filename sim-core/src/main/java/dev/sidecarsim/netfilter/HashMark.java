package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code -j HMARK}: marks packets by a hash, which is not modelled. */
final class HashMark {

  private static final String PREFIX = "--hmark-";

  /** Options with a number: its greatest value and how it is printed, in the order of printing. */
  private static final ImmutableMap<String, Bits> NUMBERS =
      ImmutableMap.<String, Bits>builder()
          .put("sport-mask", new Bits(0xffff, "0x%04x"))
          .put("dport-mask", new Bits(0xffff, "0x%04x"))
          .put("spi-mask", new Bits(Numbers.U32, "0x%08x"))
          .put("sport", new Bits(0xffff, "0x%04x"))
          .put("dport", new Bits(0xffff, "0x%04x"))
          .put("spi", new Bits(Numbers.U32, "0x%08x"))
          .put("proto-mask", new Bits(0xffff, "0x%02x"))
          .put("rnd", new Bits(Numbers.U32, "0x%08x"))
          .put("mod", new Bits(Numbers.U32, "%d"))
          .put("offset", new Bits(Numbers.U32, "%d"))
          .buildOrThrow();

  private record Bits(long most, String form) {}

  /** What a word of {@code --hmark-tuple} stands for, in the order in which they are tried. */
  private static final ImmutableMap<String, String> TUPLE =
      ImmutableMap.of(
          "ct", "ct",
          "src", "src-prefix",
          "dst", "dst-prefix",
          "sport", "sport-mask",
          "dport", "dport-mask",
          "proto", "proto-mask",
          "spi", "spi-mask");

  static final Extension<Target> EXTENSION =
      Extension.of(
          "HMARK",
          options ->
              new UnknownTarget(
                  "HMARK", text(options), "this target is not modelled", Unmodelled.ANYWHERE),
          specs());

  private HashMark() {}

  private static OptionSpec[] specs() {
    ImmutableList.Builder<OptionSpec> specs = ImmutableList.builder();
    specs.add(OptionSpec.value(PREFIX + "tuple"));
    specs.add(OptionSpec.value(PREFIX + "src-prefix"));
    specs.add(OptionSpec.value(PREFIX + "dst-prefix"));
    NUMBERS.keySet().forEach(name -> specs.add(OptionSpec.value(PREFIX + name)));
    return specs.build().toArray(new OptionSpec[0]);
  }

  private static String text(Options options) {
    Map<String, String> parts = new LinkedHashMap<>();
    options.names().forEach(option -> read(options, option.substring(PREFIX.length()), parts));
    options.need(PREFIX + "mod");
    options.need(PREFIX + "rnd");
    if (parts.containsKey("spi-mask")
        && (parts.containsKey("sport-mask") || parts.containsKey("dport-mask"))) {
      throw new BadRule("HMARK: spi and ports share their place; only one can be hashed");
    }
    if (parts.size() <= (parts.containsKey("offset") ? 3 : 2)) {
      throw new BadRule("HMARK: --hmark-tuple must say what is hashed");
    }
    StringBuilder out = new StringBuilder();
    append(out, parts, "src-prefix");
    append(out, parts, "dst-prefix");
    NUMBERS.keySet().forEach(name -> append(out, parts, name));
    return out + (parts.containsKey("ct") ? " --hmark-tuple ct" : "");
  }

  private static void append(StringBuilder out, Map<String, String> parts, String name) {
    if (parts.containsKey(name)) {
      out.append(' ').append(PREFIX).append(name).append(' ').append(parts.get(name));
    }
  }

  /** Later options change what earlier ones said. */
  private static void read(Options options, String name, Map<String, String> parts) {
    String word = options.word(PREFIX + name, "");
    Bits number = NUMBERS.get(name);
    if (parts.containsKey(name)) {
      throw new BadRule("HMARK: --hmark-tuple has given " + PREFIX + name + " before");
    }
    if (number != null) {
      long least = name.equals("mod") ? 1 : 0;
      long value = Numbers.parse("HMARK", PREFIX + name, word, least, number.most);
      parts.put(name, String.format(Locale.ROOT, number.form, value));
    } else if (name.equals("tuple")) {
      Splitter.on(',').split(word).forEach(one -> tuple(one, options.v6(), parts));
    } else {
      int length = Addresses.maskLength(word, options.v6());
      // of a mask with holes every bit counts
      parts.put(name, length < 0 ? options.v6() ? "128" : "32" : Integer.toString(length));
    }
  }

  private static void tuple(String word, boolean v6, Map<String, String> parts) {
    for (Map.Entry<String, String> entry : TUPLE.entrySet()) {
      if (!word.isEmpty() && entry.getKey().startsWith(word.toLowerCase(Locale.ROOT))) {
        String name = entry.getValue();
        Bits number = NUMBERS.get(name);
        String all = name.endsWith("prefix") ? (v6 ? "128" : "32") : "";
        parts.put(
            name, number == null ? all : String.format(Locale.ROOT, number.form, number.most));
        return;
      }
    }
    throw new BadRule("HMARK: \"" + word + "\" of --hmark-tuple is none of " + TUPLE.keySet());
  }
}
