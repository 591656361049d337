package dev.sidecarsim.examples;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Prints a tree as YAML, as istioctl does (sigs.k8s.io/yaml): members by their names, lists at
 * their key's own depth.
 */
final class YamlPrinter {

  /** What YAML 1.1 reads as a number, a truth value or nothing; underscores count, too. */
  private static final Pattern NO_TEXT =
      Pattern.compile(
          "(?i)[-+]?[0-9][0-9_]*(\\.[0-9_]*)?(e[-+]?[0-9]+)?|[-+]?\\.[0-9_]+|0x[0-9a-f_]+"
              + "|y|yes|n|no|on|off|true|false|null|~|[-+]?\\.inf|\\.nan|<<|=");

  private static final Pattern PLAIN =
      Pattern.compile(
          "[^\\s\\-?:,\\[\\]{}#&*!|>'\"%@`][^\\p{Cntrl}]*|[-?:][^\\s\\p{Cntrl}][^\\p{Cntrl}]*");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private static final Pattern MEANING = Pattern.compile(": | #|:$|\\s$");

  private final StringBuilder out = new StringBuilder();

  private YamlPrinter() {}

  static String print(Json tree) {
    YamlPrinter printer = new YamlPrinter();
    if (isFlat(tree)) {
      printer.out.append(scalar(tree)).append('\n');
    } else {
      printer.block(tree, "", "");
    }
    return printer.out.toString();
  }

  private static boolean isFlat(Json tree) {
    return !(tree instanceof JsonObject object && !object.members().isEmpty())
        && !(tree instanceof JsonArray array && !array.items().isEmpty());
  }

  /**
   * Prints an object or a list that is not empty.
   *
   * @param first what stands before its first line
   * @param indent what stands before all others
   */
  private void block(Json tree, String first, String indent) {
    String start = first;
    if (tree instanceof JsonArray array) {
      for (Json item : array.items()) {
        item(item, start, indent);
        start = indent;
      }
      return;
    }
    for (Map.Entry<String, Json> member : new TreeMap<>(((JsonObject) tree).members()).entrySet()) {
      out.append(start).append(text(member.getKey())).append(':');
      value(member.getValue(), indent);
      start = indent;
    }
  }

  private void item(Json item, String start, String indent) {
    if (isFlat(item)) {
      out.append(start).append("- ").append(scalar(item)).append('\n');
    } else {
      block(item, start + "- ", indent + "  ");
    }
  }

  private void value(Json value, String indent) {
    if (isFlat(value)) {
      out.append(' ').append(scalar(value)).append('\n');
      return;
    }
    String deeper = value instanceof JsonArray ? indent : indent + "  ";
    out.append('\n');
    block(value, deeper, deeper);
  }

  private static String scalar(Json value) {
    return value instanceof JsonString string ? text(string.value()) : value.compact();
  }

  private static String text(String text) {
    if (text.isEmpty() || NO_TEXT.matcher(text).matches() || CONTROL.matcher(text).find()) {
      return Json.of(text).compact();
    }
    return PLAIN.matcher(text).matches() && !MEANING.matcher(text).find()
        ? text
        : "'" + text.replace("'", "''") + "'";
  }
}
