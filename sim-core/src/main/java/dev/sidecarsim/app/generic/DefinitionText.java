package dev.sidecarsim.app.generic;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Optional;

/**
 * Reads a definition as an annotation has it, a line for each word:
 *
 * <pre>
 *   title: Ring
 *   listen: 7000@pod, 9042@0.0.0.0
 *   dial: every-pair 7000
 *   accept: 7000 from 10.0.0.0/8
 *   formed: majority
 * </pre>
 *
 * <p>The first line may name a product; the others then add to its definition.
 */
final class DefinitionText {

  /** What a word's value says to a definition. */
  private interface Word {
    void apply(DefinitionBuilder definition, String value);
  }

  private static final ImmutableMap<String, Word> WORDS =
      ImmutableMap.<String, Word>builder()
          .put("title", (definition, value) -> {})
          .put("members", (definition, value) -> definition.members(Values.number(value)))
          .put("listen", each((definition, entry) -> definition.listen(Values.listen(entry))))
          .put("dial", each((definition, entry) -> definition.dial(Values.dial(entry))))
          .put("needs", each((definition, entry) -> definition.dial(Values.needs(entry))))
          .put("hello", DefinitionText::hello)
          .put("call-back", (definition, value) -> definition.callBack(Values.callBack(value)))
          .put(
              "advertise", (definition, value) -> definition.advertise(Contact.Announced.of(value)))
          .put("accept", DefinitionText::accept)
          .put("formed", (definition, value) -> definition.formed(Values.formation(value)))
          .put("leader", (definition, value) -> definition.leader(Values.leader(value)))
          .put("beat", (definition, value) -> definition.beat(Values.time(value)))
          .put("retry", (definition, value) -> definition.retry(Values.retry(value)))
          .put("give-up", (definition, value) -> definition.giveUp(Values.giveUp(value)))
          .put("status", DefinitionBuilder::status)
          .buildOrThrow();

  private DefinitionText() {}

  /**
   * Reads a definition.
   *
   * @throws IllegalArgumentException in one line that names the line and what would be right
   */
  static ClusterDefinition parse(String text, List<ClusterDefinition> products) {
    List<String> lines =
        Splitter.onPattern("[\n;]").trimResults().omitEmptyStrings().splitToList(text);
    Optional<ClusterDefinition> product =
        products.stream()
            .filter(each -> !lines.isEmpty() && each.title().equalsIgnoreCase(lines.get(0)))
            .findFirst();
    DefinitionBuilder definition =
        product.map(DefinitionBuilder::of).orElseGet(() -> ClusterDefinition.named(title(lines)));
    lines
        .subList(product.isPresent() ? 1 : 0, lines.size())
        .forEach(line -> apply(definition, line));
    return definition.build();
  }

  private static String title(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("title:"))
        .map(line -> line.substring("title:".length()).strip())
        .findFirst()
        .orElse("cluster");
  }

  private static void apply(DefinitionBuilder definition, String line) {
    int colon = line.indexOf(':');
    Word word = colon < 0 ? null : WORDS.get(line.substring(0, colon).strip());
    if (word == null) {
      throw new IllegalArgumentException(
          "'" + line + "' says nothing; write lines of " + String.join(", ", WORDS.keySet()));
    }
    try {
      word.apply(definition, line.substring(colon + 1).strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + line + "': " + e.getMessage(), e);
    }
  }

  private static Word each(Word entry) {
    return (definition, value) -> Values.list(value).forEach(each -> entry.apply(definition, each));
  }

  private static void hello(DefinitionBuilder definition, String value) {
    if (value.equals("unanswered")) {
      definition.withoutAnswers();
    } else if (!value.equals("answered")) {
      throw new IllegalArgumentException("write answered or unanswered");
    }
  }

  private static void accept(DefinitionBuilder definition, String value) {
    List<String> words = Splitter.on(" from ").trimResults().limit(2).splitToList(value);
    if (words.size() == 2) {
      definition.accept(Values.number(words.get(0)), Values.admission(words.get(1)));
    } else {
      definition.accept(Values.admission(value));
    }
  }
}
