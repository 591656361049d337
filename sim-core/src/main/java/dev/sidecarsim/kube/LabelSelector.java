package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import java.util.Map;

/**
 * A choice of objects by their labels; without any demand it takes all.
 *
 * @param labels labels that must be there with these values
 * @param expressions further demands
 */
public record LabelSelector(
    ImmutableMap<String, String> labels, ImmutableList<Expression> expressions) {

  /** What an expression demands. */
  public enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist");

    private final String word;

    Operator(String word) {
      this.word = word;
    }

    static Operator of(JsonObject tree) {
      String word = tree.requireString("operator");
      for (Operator each : values()) {
        if (each.word.equals(word)) {
          return each;
        }
      }
      throw new ManifestException(
          tree.locationOf("operator"),
          "operator: '" + word + "' is none of In, NotIn, Exists, DoesNotExist");
    }
  }

  /** A demand on one label. */
  public record Expression(String key, Operator operator, ImmutableList<String> values) {

    boolean holds(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }
  }

  /**
   * Reads a selector.
   *
   * @throws ManifestException for an operator that there is not
   */
  public static LabelSelector of(JsonObject tree) {
    return new LabelSelector(
        tree.stringMap("matchLabels"),
        tree.objects("matchExpressions").stream()
            .map(
                entry ->
                    new Expression(
                        entry.requireString("key"), Operator.of(entry), entry.strings("values")))
            .collect(ImmutableList.toImmutableList()));
  }

  /** Whether it takes an object with these labels. */
  public boolean selects(Map<String, String> of) {
    return of.entrySet().containsAll(labels.entrySet())
        && expressions.stream().allMatch(expression -> expression.holds(of));
  }
}
