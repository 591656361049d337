package dev.sidecarsim.json;

/** {@code true} or {@code false}. */
public record JsonBoolean(boolean value, Location location) implements Json {

  @Override
  public String type() {
    return "true or false";
  }

  @Override
  public void print(JsonWriter out) {
    out.raw(Boolean.toString(value));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonBoolean that && value == that.value;
  }

  @Override
  public int hashCode() {
    return Boolean.hashCode(value);
  }

  @Override
  public String toString() {
    return Boolean.toString(value);
  }
}
