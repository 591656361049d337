package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.JsonObject;

/**
 * In which namespaces a service or a rule is known ({@code exportTo}).
 *
 * @param namespaces names, {@code *} for all, {@code .} for its own; {@code ~} is in none
 */
record ExportTo(ImmutableList<String> namespaces) {

  static final ExportTo EVERYWHERE = new ExportTo(ImmutableList.of("*"));

  static ExportTo of(JsonObject spec) {
    ImmutableList<String> written = spec.strings("exportTo");
    return written.isEmpty() ? EVERYWHERE : new ExportTo(written);
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
