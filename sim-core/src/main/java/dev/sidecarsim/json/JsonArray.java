package dev.sidecarsim.json;

import com.google.common.collect.ImmutableList;

/** A list of values. */
public record JsonArray(ImmutableList<Json> items, Location location) implements Json {

  @Override
  public String type() {
    return "a list";
  }

  @Override
  public void print(JsonWriter out) {
    out.array(items);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonArray that && items.equals(that.items);
  }

  @Override
  public int hashCode() {
    return items.hashCode();
  }

  @Override
  public String toString() {
    return compact();
  }
}
