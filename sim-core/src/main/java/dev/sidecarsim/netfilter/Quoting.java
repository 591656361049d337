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

  private static boolean isPlain(char c) {
    return c == '_' || c == '-' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
