package dev.sidecarsim.netfilter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/**
 * {@code -m string}: what packets carry, which the model does not look at. A pattern is kept one
 * byte a character.
 */
final class StringPattern {

  /** XT_STRING_MAX_PATTERN_SIZE and XT_STRING_MAX_ALGO_NAME_SIZE of the kernel. */
  private static final int MAX = 128;

  private static final int ALGORITHM = 16;

  private static final Unmodelled REST =
      Unmodelled.of(
          "string",
          Unmodelled.value("--algo", Forms.bare(ALGORITHM)).must(),
          Unmodelled.value("--from", Forms.number(0, 65535)),
          Unmodelled.value("--to", Forms.number(0, 65535)),
          Unmodelled.flag("--icase"));

  static final Extension<Match> EXTENSION =
      Extension.of(
          "string",
          options ->
              new UnknownMatch(
                  "string", text(options), "this match is not modelled", Unmodelled.ANYWHERE),
          OptionSpec.match("--string"),
          OptionSpec.match("--hex-string"),
          OptionSpec.value("--algo"),
          OptionSpec.value("--from"),
          OptionSpec.value("--to"),
          OptionSpec.flag("--icase"));

  private StringPattern() {}

  private static String text(Options options) {
    Forms.exclude(options, "--string", "--hex-string");
    Forms.needOneOf(options, "--string", "--hex-string");
    boolean plain = options.has("--string");
    Options.Value value = options.need(plain ? "--string" : "--hex-string");
    String bytes = new String(value.word().getBytes(UTF_8), ISO_8859_1);
    String pattern = plain ? bytes : decoded(bytes);
    if (pattern.length() > MAX) {
      throw new BadRule("string: a pattern has at most " + MAX + " characters");
    }
    if (pattern.isEmpty()) {
      throw new KernelRefusal("string: a pattern must contain at least one character");
    }
    String rest = REST.text(options).replace(" --from 0", "").replace(" --to 65535", "");
    String algorithm = options.word("--algo", "");
    if (!algorithm.equals("bm") && !algorithm.equals("kmp")) {
      throw new KernelRefusal("string: the kernel has no search \"" + algorithm + "\"; it has bm");
    }
    if (options.number("--from", 0, 0, 65535) > options.number("--to", 65535, 0, 65535)) {
      throw new KernelRefusal("string: --from lies behind --to");
    }
    return " " + Match.not(value.not()) + saved(pattern) + rest;
  }

  private static String saved(String pattern) {
    boolean printable = pattern.chars().allMatch(c -> c >= ' ' && c < 127);
    if (printable && !pattern.endsWith("\\")) {
      return "--string \"" + pattern.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
    StringBuilder hex = new StringBuilder();
    pattern.chars().forEach(one -> hex.append(String.format(Locale.ROOT, "%02x", one)));
    return "--hex-string \"|" + hex + "|\"";
  }

  /** Reads {@code abc|0d 0a|}, a backslash before a character that means itself. */
  private static String decoded(String text) {
    if (text.isEmpty()) {
      throw new BadRule("string: a pattern must contain at least one character");
    }
    StringBuilder out = new StringBuilder();
    boolean hex = false;
    int i = 0;
    while (i < text.length()) {
      boolean literal = text.charAt(i) == '\\';
      if (literal && hex) {
        throw new BadRule("string: a hex block holds no literals");
      }
      if (text.charAt(i) == '|') {
        hex = !hex;
        while (hex && text.startsWith(" ", i + 1)) {
          i++;
        }
        if (++i >= text.length()) {
          break;
        }
      }
      int taken = literal ? 2 : hex ? 2 : 1;
      if (i + taken > text.length() - (hex ? 1 : 0)) {
        throw new BadRule("string: the pattern \"" + text + "\" ends too early");
      }
      out.append(hex ? octet(text, i) : text.charAt(literal ? i + 1 : i));
      i += hex && text.startsWith(" ", i + 2) ? 3 : taken;
    }
    return out.toString();
  }

  private static char octet(String text, int start) {
    int high = Character.digit(text.charAt(start), 16);
    int low = Character.digit(text.charAt(start + 1), 16);
    if (high < 0 || low < 0) {
      throw new BadRule("string: invalid hexadecimals in \"" + text + "\"");
    }
    return (char) (high * 16 + low);
  }
}
