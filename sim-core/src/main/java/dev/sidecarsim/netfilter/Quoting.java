package dev.sidecarsim.netfilter;

/** Strings as xtables_save_string() writes them. */
final class Quoting {

  private static final String ESCAPED = "\"\\'";

  private Quoting() {}

  static String quote(String text) {
    StringBuilder out = new StringBuilder();
    boolean plain = !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain &= isPlain(c);
      if (ESCAPED.indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(c);
    }
    return plain ? text : "\"" + out + "\"";
  }

  /** The same, but only where the word would not hold together without quotes. */
  static String quoteBlanks(String text) {
    boolean holds = !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      holds &= text.charAt(i) > ' ' && ESCAPED.indexOf(text.charAt(i)) < 0;
    }
    return holds ? text : quote(text);
  }

  private static boolean isPlain(char c) {
    return c == '_' || c == '-' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
