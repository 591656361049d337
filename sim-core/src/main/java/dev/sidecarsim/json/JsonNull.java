package dev.sidecarsim.json;

/** {@code null}: in manifests, the same as a key that is not there. */
public record JsonNull(Location location) implements Json {

  @Override
  public String type() {
    return "null";
  }

  @Override
  public void print(JsonWriter out) {
    out.raw("null");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonNull;
  }

  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "null";
  }
}
