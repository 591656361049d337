package dev.sidecarsim.json;

/** A text. */
public record JsonString(String value, Location location) implements Json {

  @Override
  public String type() {
    return "a text";
  }

  @Override
  public void print(JsonWriter out) {
    out.string(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonString that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return compact();
  }
}
