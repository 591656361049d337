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

  /** Splits a line at blanks; double quotes hold a word together, a backslash in them escapes. */
  static Words of(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted) {
        if (c == '\\' && i + 1 < line.length()) {
          word.append(line.charAt(++i));
        } else if (c == '"') {
          quoted = false;
        } else {
          word.append(c);
        }
      } else if (c == '"') {
        quoted = true;
        begun = true;
      } else if (c == ' ' || c == '\t') {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
          begun = false;
        }
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return new Words(words);
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

  /** Puts a word in front of the rest. */
  void push(String word) {
    words.add(next, word);
  }
}
