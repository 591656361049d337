package dev.sidecarsim.netfilter;

import java.util.ArrayList;
import java.util.List;

/** The words of one line, with a place to read on from. */
final class Words {

  private final List<String> words;
  private int next;

  private Words(List<String> words) {
    this.words = words;
  }

  /**
   * Splits a line at blanks as iptables-restore does. Double quotes hold a word together and a
   * backslash between them escapes; the second one ends the word. A quote that is never closed
   * holds the rest of the line, its end included.
   */
  static Words of(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean blank = c == ' ' || c == '\t';
      if (quoted && c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (c == '"' && !quoted) {
        quoted = true;
      } else if (quoted ? c == '"' : blank && !word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
        quoted = false;
      } else if (quoted || !blank) {
        word.append(c);
      }
    }
    if (quoted || !word.isEmpty()) {
      words.add(quoted ? word + "\n" : word.toString());
    }
    return new Words(words);
  }

  static boolean hasBlank(String word) {
    return word.chars().anyMatch(Character::isWhitespace);
  }

  boolean hasNext() {
    return next < words.size();
  }

  String peek() {
    return hasNext() ? words.get(next) : "";
  }

  String next() {
    return words.get(next++);
  }

  /** The argument of an option. */
  String argument(String option) {
    if (!hasNext()) {
      throw new BadRule("option \"" + option + "\" requires an argument");
    }
    return next();
  }

  /** Whether the next word is no option and no negation. */
  boolean hasArgument() {
    return hasNext() && !peek().startsWith("-") && !peek().equals("!");
  }
}
