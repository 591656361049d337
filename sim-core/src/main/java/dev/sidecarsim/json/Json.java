package dev.sidecarsim.json;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;

/** A JSON value. Equality looks at the value, not at the place where it was written. */
public sealed interface Json
    permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {

  /** Where the value was written. */
  Location location();

  /** The type in words, with its article, for messages: {@code a number}, {@code an object}. */
  String type();

  /** Appends the value to a text under way. */
  void print(JsonWriter out);

  /** The value on one line without blanks. */
  default String compact() {
    return JsonWriter.compact(this);
  }

  /** The value indented by two blanks a level, as {@code jq} prints it; no newline at the end. */
  default String pretty() {
    return JsonWriter.pretty(this);
  }

  static JsonString of(String value) {
    return new JsonString(value, Location.NONE);
  }

  static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value), Location.NONE);
  }

  static JsonBoolean of(boolean value) {
    return new JsonBoolean(value, Location.NONE);
  }

  static JsonArray array(Iterable<? extends Json> values) {
    return new JsonArray(ImmutableList.copyOf(values), Location.NONE);
  }

  static JsonArray array(Json... values) {
    return array(Arrays.asList(values));
  }

  /** An array of texts. */
  static JsonArray strings(Iterable<String> values) {
    ImmutableList.Builder<Json> items = ImmutableList.builder();
    values.forEach(value -> items.add(of(value)));
    return array(items.build());
  }

  /** Starts an object; keys keep the order in which they are put. */
  static JsonObject.Builder object() {
    return new JsonObject.Builder(Location.NONE);
  }

  static JsonNull nothing() {
    return new JsonNull(Location.NONE);
  }
}
