package dev.sidecarsim.json;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keys and values, in the order in which they were written.
 *
 * <p>The typed getters take a {@code null} for a missing key, as Kubernetes does, and throw a
 * {@link JsonException} with file and line when the value has another type.
 */
public record JsonObject(ImmutableMap<String, Json> members, Location location) implements Json {

  public static final JsonObject EMPTY = new JsonObject(ImmutableMap.of(), Location.NONE);

  /** The value of a key; empty if it is missing or {@code null}. */
  public Optional<Json> get(String key) {
    return Optional.ofNullable(members.get(key)).filter(value -> !(value instanceof JsonNull));
  }

  public Optional<String> string(String key) {
    return get(key).map(value -> as(JsonString.class, key, value, "a text").value());
  }

  public String string(String key, String otherwise) {
    return string(key).orElse(otherwise);
  }

  /** A text that must be there and must not be empty. */
  public String requireString(String key) {
    return string(key)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> missing(key, "a text that is not empty"));
  }

  /** A whole number of 64 bits. */
  public Optional<Long> integer(String key) {
    return get(key).map(value -> as(JsonNumber.class, key, value, "a whole number").longValue());
  }

  /**
   * A whole number within bounds.
   *
   * @throws JsonException if it lies outside of {@code from}…{@code to}
   */
  public int integer(String key, int otherwise, int from, int to) {
    Optional<Long> value = integer(key);
    if (value.isPresent() && (value.get() < from || value.get() > to)) {
      String what = key + ": " + value.get() + " is out of range; it is from " + from + " to " + to;
      throw new JsonException(locationOf(key), what);
    }
    return value.map(Long::intValue).orElse(otherwise);
  }

  public Optional<Boolean> bool(String key) {
    return get(key).map(value -> as(JsonBoolean.class, key, value, "true or false").value());
  }

  public boolean bool(String key, boolean otherwise) {
    return bool(key).orElse(otherwise);
  }

  public Optional<JsonObject> object(String key) {
    return get(key).map(value -> as(JsonObject.class, key, value, "an object (keys and values)"));
  }

  /** An object; an empty one at this object's place if the key is missing. */
  public JsonObject objectOrEmpty(String key) {
    return object(key).orElseGet(() -> new JsonObject(ImmutableMap.of(), location));
  }

  /** The items of a list; none if the key is missing. */
  public ImmutableList<Json> array(String key) {
    return get(key)
        .map(value -> as(JsonArray.class, key, value, "a list").items())
        .orElse(ImmutableList.of());
  }

  /** The items of a list of objects; none if the key is missing. */
  public ImmutableList<JsonObject> objects(String key) {
    return array(key).stream()
        .map(item -> as(JsonObject.class, key + "[]", item, "an object (keys and values)"))
        .collect(ImmutableList.toImmutableList());
  }

  /** The items of a list of texts; none if the key is missing. */
  public ImmutableList<String> strings(String key) {
    return array(key).stream()
        .map(item -> as(JsonString.class, key + "[]", item, "a text").value())
        .collect(ImmutableList.toImmutableList());
  }

  /** The pairs of an object whose values are texts, such as labels; none if it is missing. */
  public ImmutableMap<String, String> stringMap(String key) {
    ImmutableMap.Builder<String, String> pairs = ImmutableMap.builder();
    JsonObject object = objectOrEmpty(key);
    object.members.keySet().forEach(name -> pairs.put(name, object.string(name, "")));
    return pairs.buildOrThrow();
  }

  /** Where the value of a key stands; this object's place if the key is missing. */
  public Location locationOf(String key) {
    Json value = members.get(key);
    return value == null ? location : value.location();
  }

  /** The fault of a key that is not there. */
  public JsonException missing(String key, String right) {
    return new JsonException(locationOf(key), key + " is missing; give " + right);
  }

  private static <T extends Json> T as(Class<T> type, String key, Json value, String right) {
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    boolean scalar = !(value instanceof JsonObject || value instanceof JsonArray);
    String found = scalar ? value + " (" + value.type() + ")" : value.type();
    String remedy = scalar && type == JsonString.class ? "; quote it" : "";
    throw new JsonException(
        value.location(), key + ": " + found + " stands where " + right + " is right" + remedy);
  }

  @Override
  public String type() {
    return "an object";
  }

  @Override
  public void print(JsonWriter out) {
    out.object(members);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonObject that && members.equals(that.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return compact();
  }

  /** Collects the members of an object; a key put twice keeps its place and takes the new value. */
  public static final class Builder {
    private final Map<String, Json> members = new LinkedHashMap<>();
    private final Location location;

    Builder(Location location) {
      this.location = location;
    }

    @CanIgnoreReturnValue
    public Builder put(String key, Json value) {
      members.put(key, value);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder put(String key, String value) {
      return put(key, Json.of(value));
    }

    @CanIgnoreReturnValue
    public Builder put(String key, long value) {
      return put(key, Json.of(value));
    }

    @CanIgnoreReturnValue
    public Builder put(String key, boolean value) {
      return put(key, Json.of(value));
    }

    /** Puts the value, or nothing at all if there is none. */
    @CanIgnoreReturnValue
    public Builder putIfPresent(String key, Optional<? extends Json> value) {
      value.ifPresent(present -> put(key, present));
      return this;
    }

    public JsonObject build() {
      return new JsonObject(ImmutableMap.copyOf(members), location);
    }
  }
}
