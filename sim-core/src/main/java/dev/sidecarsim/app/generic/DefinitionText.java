package dev.sidecarsim.app.generic;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Acceptance;
import dev.sidecarsim.net.Cidr;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads a definition as an annotation has it, a line for each word:
 *
 * <pre>
 *   title: Ring
 *   listen: 7000@pod, 9042@0.0.0.0
 *   dial: every-pair 7000
 *   accept: 10.0.0.0/8
 *   formed: majority
 * </pre>
 *
 * <p>The first line may name a product; the others then add to its definition.
 */
final class DefinitionText {

  private static final String WORDS =
      "write lines of title, members, listen, dial, needs, call-back, accept, formed or give-up";

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
    ClusterDefinition.Builder definition =
        product
            .map(ClusterDefinition::toBuilder)
            .orElseGet(() -> ClusterDefinition.named(title(lines)));
    for (String line : lines.subList(product.isPresent() ? 1 : 0, lines.size())) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("'" + line + "' says nothing; " + WORDS);
      }
      try {
        apply(definition, line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + line + "' has no number where one belongs", e);
      }
    }
    return definition.build();
  }

  private static String title(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("title:"))
        .map(line -> line.substring("title:".length()).strip())
        .findFirst()
        .orElse("cluster");
  }

  private static void apply(ClusterDefinition.Builder definition, String word, String value) {
    switch (word) {
      case "title" -> {
        // Read before.
      }
      case "members" -> definition.members(Integer.parseInt(value));
      case "listen" -> list(value).forEach(entry -> listen(definition, entry));
      case "dial" -> list(value).forEach(entry -> dial(definition, entry));
      case "needs" -> list(value).forEach(entry -> needs(definition, entry));
      case "call-back" -> callBack(definition, value);
      case "accept" -> accept(definition, value);
      case "formed" -> definition.formed(formation(value));
      case "give-up" -> definition.giveUpAfter(Integer.parseInt(value));
      default -> throw new IllegalArgumentException("'" + word + "' is no word of it; " + WORDS);
    }
  }

  private static List<String> list(String value) {
    return Splitter.on(',').trimResults().omitEmptyStrings().splitToList(value);
  }

  private static void listen(ClusterDefinition.Builder definition, String entry) {
    List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(entry);
    int at = words.get(0).indexOf('@');
    String port = at < 0 ? words.get(0) : words.get(0).substring(0, at);
    Bind bind = at < 0 ? Bind.WILDCARD : Bind.of(words.get(0).substring(at + 1));
    if (words.size() > 1 && words.get(1).equals("server-first")) {
      definition.listenServerFirst(Integer.parseInt(port), bind);
    } else if (words.size() == 1) {
      definition.listen(Integer.parseInt(port), bind);
    } else {
      throw new IllegalArgumentException(
          "listen '" + entry + "'; write PORT[@pod|@ADDRESS] [server-first]");
    }
  }

  private static void dial(ClusterDefinition.Builder definition, String entry) {
    List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(entry);
    DialSpec.Who who =
        Arrays.stream(DialSpec.Who.values())
            .filter(each -> each != DialSpec.Who.EXTERNAL)
            .filter(each -> each.toString().equals(words.get(0)))
            .findFirst()
            .orElse(null);
    if (who == null || words.size() != 2) {
      throw new IllegalArgumentException(
          "dial '"
              + entry
              + "'; write every-pair, larger-to-smaller, to-first or self, and a port");
    }
    definition.dial(who, Integer.parseInt(words.get(1)));
  }

  private static void needs(ClusterDefinition.Builder definition, String entry) {
    int colon = entry.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("needs '" + entry + "'; write HOST:PORT");
    }
    definition.needs(entry.substring(0, colon), Integer.parseInt(entry.substring(colon + 1)));
  }

  private static void callBack(ClusterDefinition.Builder definition, String value) {
    if (value.equals("observed")) {
      definition.callBackWhereCallsComeFrom();
    } else if (!value.equals("name")) {
      throw new IllegalArgumentException("call-back '" + value + "'; write name or observed");
    }
  }

  private static void accept(ClusterDefinition.Builder definition, String value) {
    if (value.equals("members")) {
      definition.acceptMembersOnly();
    } else if (value.equals("anyone")) {
      definition.accept(Acceptance.ANYONE);
    } else {
      definition.accept(
          new Acceptance.Networks(
              list(value).stream().map(Cidr::of).collect(ImmutableList.toImmutableList())));
    }
  }

  private static Formation formation(String value) {
    return switch (value) {
      case "majority" -> new Formation.Majority();
      case "all" -> new Formation.All();
      default -> new Formation.AtLeast(Integer.parseInt(value));
    };
  }
}
