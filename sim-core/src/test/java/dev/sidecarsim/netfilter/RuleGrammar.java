package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes texts by a grammar: {@code name = text} gives a way to write a name, {@code name ~ text}
 * one that is rarely taken; in a text {@code <name>} stands for one of its ways, {@code {a|b~c}}
 * for one of its alternatives, those behind {@code ~} rarely taken, and {@code \n} for the end of a
 * line.
 */
final class RuleGrammar {

  private static final double RARELY = 0.08;

  private final Map<String, Ways> rules = new LinkedHashMap<>();

  private record Ways(List<String> often, List<String> seldom) {
    Ways() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    String draw(Random random) {
      boolean rare = !seldom.isEmpty() && (often.isEmpty() || random.nextDouble() < RARELY);
      List<String> from = rare ? seldom : often;
      return from.get(random.nextInt(from.size()));
    }
  }

  private RuleGrammar() {}

  static RuleGrammar read(String resource) throws IOException {
    RuleGrammar grammar = new RuleGrammar();
    String text =
        Resources.toString(
            Resources.getResource(RuleGrammar.class, resource), StandardCharsets.UTF_8);
    for (String line : Splitter.on('\n').split(text)) {
      int space = line.indexOf(' ');
      if (space > 0 && !line.startsWith("#")) {
        Ways ways = grammar.rules.computeIfAbsent(line.substring(0, space), name -> new Ways());
        boolean often = line.charAt(space + 1) == '=';
        (often ? ways.often() : ways.seldom())
            .add(line.substring(Math.min(space + 3, line.length())));
      }
    }
    return grammar;
  }

  String make(String name, Random random) {
    return expand("<" + name + ">", random);
  }

  private String expand(String text, Random random) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int close = text.indexOf('>', i);
      if (c == '{') {
        int end = end(text, i);
        out.append(expand(alternatives(text.substring(i + 1, end)).draw(random), random));
        i = end + 1;
      } else if (c == '<' && close > 0 && rules.containsKey(text.substring(i + 1, close))) {
        out.append(expand(rules.get(text.substring(i + 1, close)).draw(random), random));
        i = close + 1;
      } else if (text.startsWith("\\n", i) || text.startsWith("\\r", i)) {
        out.append(text.charAt(i + 1) == 'n' ? '\n' : '\r');
        i += 2;
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  /** The brace that closes the one at a place. */
  private static int end(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("no } in " + text);
  }

  private static Ways alternatives(String text) {
    Ways ways = new Ways();
    List<String> now = ways.often();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? '|' : text.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0 && (c == '|' || c == '~')) {
        now.add(text.substring(start, i));
        start = i + 1;
        now = c == '~' ? ways.seldom() : now;
      }
    }
    return ways;
  }
}
