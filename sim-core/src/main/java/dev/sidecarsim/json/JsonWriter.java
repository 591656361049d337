package dev.sidecarsim.json;

import java.util.Iterator;
import java.util.Map;

/** Prints a tree, on one line or indented. */
public final class JsonWriter {

  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;
  private int depth;

  private JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  static String compact(Json value) {
    return print(value, false);
  }

  static String pretty(Json value) {
    return print(value, true);
  }

  private static String print(Json value, boolean pretty) {
    JsonWriter writer = new JsonWriter(pretty);
    value.print(writer);
    return writer.out.toString();
  }

  void raw(String text) {
    out.append(text);
  }

  void array(Iterable<Json> items) {
    Iterator<Json> left = items.iterator();
    open('[', left.hasNext());
    while (left.hasNext()) {
      left.next().print(this);
      separate(left.hasNext());
    }
    out.append(']');
  }

  void object(Map<String, Json> members) {
    Iterator<Map.Entry<String, Json>> left = members.entrySet().iterator();
    open('{', left.hasNext());
    while (left.hasNext()) {
      Map.Entry<String, Json> member = left.next();
      string(member.getKey());
      out.append(pretty ? ": " : ":");
      member.getValue().print(this);
      separate(left.hasNext());
    }
    out.append('}');
  }

  private void open(char bracket, boolean filled) {
    out.append(bracket);
    if (filled) {
      depth++;
      newLine();
    }
  }

  private void separate(boolean more) {
    if (more) {
      out.append(',');
    } else {
      depth--;
    }
    newLine();
  }

  private void newLine() {
    if (pretty) {
      out.append('\n').append("  ".repeat(depth));
    }
  }

  void string(String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      character(value.charAt(i));
    }
    out.append('"');
  }

  private void character(char c) {
    int escaped = "\"\\\n\r\t\b\f".indexOf(c);
    if (escaped >= 0) {
      out.append('\\').append("\"\\nrtbf".charAt(escaped));
    } else if (c < ' ' || c == 0x7f) {
      out.append(String.format("\\u%04x", (int) c));
    } else {
      out.append(c);
    }
  }
}
