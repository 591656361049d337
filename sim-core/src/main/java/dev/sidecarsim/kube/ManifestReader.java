package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads Kubernetes manifests as kubectl does: YAML 1.1 or JSON, several documents in a file, empty
 * ones, comments, anchors, {@code kind: List}.
 *
 * <pre>{@code
 * Manifests manifests = ManifestReader.in("default").path(Path.of("zookeeper.yaml")).read();
 * }</pre>
 *
 * <p>Every method throws a {@link ManifestException} of one line, with file and line, when the
 * input cannot be used.
 */
public final class ManifestReader {

  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

  private final String defaultNamespace;
  private final ManifestsBuilder manifests = new ManifestsBuilder();

  private ManifestReader(String defaultNamespace) {
    this.defaultNamespace = defaultNamespace;
  }

  /** A reader that puts documents without {@code metadata.namespace} into this namespace. */
  public static ManifestReader in(String defaultNamespace) {
    return new ManifestReader(defaultNamespace);
  }

  /** Takes a file, or every YAML and JSON file of a folder in the order of their names. */
  @CanIgnoreReturnValue
  public ManifestReader path(Path path) {
    if (!Files.isDirectory(path)) {
      return text(contents(path), path.toString());
    }
    List<Path> files = files(path);
    if (files.isEmpty()) {
      throw new ManifestException(
          new Location(path.toString(), 0), "no file here ends in .yaml, .yml or .json");
    }
    files.forEach(file -> text(contents(file), file.toString()));
    return this;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isRegularFile)
          .filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(folder.toString(), e);
    }
  }

  private static String contents(Path file) {
    if (!Files.exists(file)) {
      throw new ManifestException(
          new Location(file.toString(), 0), "there is no such file or folder; check the path");
    }
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new ManifestException(
          new Location(file.toString(), 0), "no UTF-8 text; save it as such");
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  private static ManifestException unreadable(String name, IOException e) {
    return new ManifestException(
        new Location(name, 0), "cannot be read (" + e.getMessage() + "); check its rights");
  }

  /** Takes a stream to its end, such as standard input, which messages call by {@code name}. */
  @CanIgnoreReturnValue
  public ManifestReader stream(InputStream in, String name) {
    try {
      return text(new String(in.readAllBytes(), StandardCharsets.UTF_8), name);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /** Takes a text, which messages call by {@code name}. */
  @CanIgnoreReturnValue
  public ManifestReader text(String text, String name) {
    try {
      documents(text, name).forEach(this::document);
      return this;
    } catch (JsonException e) {
      throw new ManifestException(e.location(), e.what());
    }
  }

  /** Everything that was taken, checked as a whole. */
  public Manifests read() {
    return manifests.build(defaultNamespace);
  }

  private static ImmutableList<Json> documents(String text, String name) {
    // kubectl, too, tells JSON by its first character; a YAML mapping may begin with it as well.
    if (!text.stripLeading().startsWith("{")) {
      return YamlText.read(text, name);
    }
    try {
      return JsonReader.readAll(text, new Location(name, 1));
    } catch (JsonException noJson) {
      try {
        return YamlText.read(text, name);
      } catch (ManifestException noYaml) {
        throw noJson;
      }
    }
  }

  private void document(Json tree) {
    if (!(tree instanceof JsonObject document)) {
      throw new ManifestException(
          tree.location(),
          tree.type() + " stands where an object with apiVersion and kind is right");
    }
    if (document.members().isEmpty()) {
      return;
    }
    String apiVersion = document.requireString("apiVersion");
    String kind = document.requireString("kind");
    if (kind.endsWith("List") && document.members().containsKey("items")) {
      list(document, apiVersion, kind);
    } else {
      object(document, apiVersion, kind);
    }
  }

  /** {@code kind: List}, or one of a kind's own, whose items may leave kind and version out. */
  private void list(JsonObject list, String apiVersion, String kind) {
    String itemKind = kind.substring(0, kind.length() - "List".length());
    for (JsonObject item : list.objects("items")) {
      boolean bare = !itemKind.isEmpty() && item.get("kind").isEmpty();
      if (bare) {
        object(item, apiVersion, itemKind);
      } else {
        document(item);
      }
    }
  }

  private void object(JsonObject document, String apiVersion, String kind) {
    String qualified = Kinds.qualified(kind, apiVersion);
    Kinds.Reader reader = Kinds.TYPED.get(qualified);
    if (reader != null) {
      reader.read(document, defaultNamespace, manifests);
    } else if (!Kinds.HARMLESS.contains(qualified)) {
      ObjectMeta meta = MetaReader.namespaced(document, defaultNamespace);
      manifests.add(new Document(apiVersion, kind, meta, document));
    }
  }
}
