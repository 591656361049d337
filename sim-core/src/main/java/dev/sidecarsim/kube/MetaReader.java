package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads {@code metadata}. */
final class MetaReader {

  private MetaReader() {}

  /** The metadata of a document that stands in a namespace. */
  static ObjectMeta namespaced(JsonObject document, String defaultNamespace) {
    JsonObject meta = document.objectOrEmpty("metadata");
    String namespace =
        meta.string("namespace").filter(text -> !text.isEmpty()).orElse(defaultNamespace);
    return meta(document, namespace);
  }

  /** The metadata of a document that stands in no namespace. */
  static ObjectMeta clusterWide(JsonObject document) {
    return meta(document, "");
  }

  private static ObjectMeta meta(JsonObject document, String namespace) {
    JsonObject meta =
        document
            .object("metadata")
            .orElseThrow(() -> document.missing("metadata", "an object with a name"));
    return new ObjectMeta(
        meta.requireString("name"),
        namespace,
        meta.stringMap("labels"),
        annotations(meta),
        created(meta),
        document.location());
  }

  /** Annotations; those of this project are checked where their line is known. */
  static ImmutableMap<String, String> annotations(JsonObject meta) {
    ImmutableMap<String, String> annotations = meta.stringMap("annotations");
    String listen = annotations.get(ListenSpec.ANNOTATION);
    if (listen != null) {
      try {
        ListenSpec.parse(listen);
      } catch (IllegalArgumentException e) {
        JsonObject pairs = meta.objectOrEmpty("annotations");
        throw new ManifestException(
            pairs.locationOf(ListenSpec.ANNOTATION), String.valueOf(e.getMessage()));
      }
    }
    return annotations;
  }

  private static Optional<Instant> created(JsonObject meta) {
    Optional<String> text = meta.string("creationTimestamp");
    try {
      return text.map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw new ManifestException(
          meta.locationOf("creationTimestamp"),
          "creationTimestamp: '" + text.get() + "' is no time; write 2021-05-24T10:00:00Z");
    }
  }
}
