package dev.sidecarsim.envoy;

import java.util.Locale;
import java.util.regex.Pattern;

/** How a text is compared ({@code envoy.type.matcher.v3.StringMatcher}). */
public record StringMatch(Kind kind, String value, boolean ignoreCase) {

  /** Which part of the text is compared. */
  public enum Kind {
    EXACT,
    PREFIX,
    SUFFIX,
    CONTAINS,
    /** A regular expression for the whole text. */
    REGEX
  }

  /**
   * @throws java.util.regex.PatternSyntaxException for a regular expression that is none
   */
  public StringMatch {
    if (kind == Kind.REGEX) {
      Pattern.compile(value);
    }
  }

  public static StringMatch exact(String text) {
    return new StringMatch(Kind.EXACT, text, false);
  }

  public static StringMatch regex(String expression) {
    return new StringMatch(Kind.REGEX, expression, false);
  }

  public boolean matches(String text) {
    String given = ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
    String wanted = ignoreCase && kind != Kind.REGEX ? value.toLowerCase(Locale.ROOT) : value;
    return switch (kind) {
      case EXACT -> given.equals(wanted);
      case PREFIX -> given.startsWith(wanted);
      case SUFFIX -> given.endsWith(wanted);
      case CONTAINS -> given.contains(wanted);
      case REGEX -> given.matches(wanted);
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case EXACT -> value;
      case PREFIX -> value + "*";
      case SUFFIX -> "*" + value;
      case CONTAINS -> "*" + value + "*";
      case REGEX -> "/" + value + "/";
    };
  }
}
