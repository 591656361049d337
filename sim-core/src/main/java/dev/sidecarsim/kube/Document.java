package dev.sidecarsim.kube;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.Location;

/** A manifest of a kind that this package does not type: for others to read, or to name. */
public record Document(String apiVersion, String kind, ObjectMeta meta, JsonObject tree) {

  /** Where it starts. */
  public Location location() {
    return tree.location();
  }
}
