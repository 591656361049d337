package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.JsonObject;

/**
 * In which namespaces a service or a rule is known ({@code exportTo}).
 *
 * @param namespaces names, {@code *} for all, {@code .} for its own; {@code ~} is in none; empty:
 *     where the mesh's settings say
 */
public record ExportTo(ImmutableList<String> namespaces) {

  static final ExportTo EVERYWHERE = new ExportTo(ImmutableList.of("*"));

  static final ExportTo UNSAID = new ExportTo(ImmutableList.of());

  static ExportTo of(JsonObject spec) {
    return of(spec, "exportTo");
  }

  /** What a list of a tree says. */
  static ExportTo of(JsonObject tree, String key) {
    return new ExportTo(tree.strings(key));
  }

  /** This, or what holds where nothing is said. */
  ExportTo or(ExportTo otherwise) {
    return namespaces.isEmpty() ? otherwise : this;
  }

  /** Whether it is known in its own namespace only. */
  boolean isPrivate() {
    return namespaces.equals(ImmutableList.of("."));
  }

  /** Whether it is known in a namespace. */
  boolean reaches(String namespace, String own) {
    return namespaces.stream()
        .anyMatch(
            each ->
                each.equals("*")
                    || each.equals(namespace)
                    || (each.equals(".") && namespace.equals(own)));
  }
}
