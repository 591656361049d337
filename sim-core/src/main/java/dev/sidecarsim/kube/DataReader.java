package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads ConfigMaps and Secrets. */
final class DataReader {

  private DataReader() {}

  static ConfigMap configMap(JsonObject document, String defaultNamespace) {
    return new ConfigMap(
        MetaReader.namespaced(document, defaultNamespace), document.stringMap("data"));
  }

  static Secret secret(JsonObject document, String defaultNamespace) {
    Map<String, String> texts = new LinkedHashMap<>();
    JsonObject data = document.objectOrEmpty("data");
    data.members().keySet().forEach(key -> texts.put(key, decoded(data, key)));
    texts.putAll(document.stringMap("stringData"));
    return new Secret(
        MetaReader.namespaced(document, defaultNamespace), ImmutableMap.copyOf(texts));
  }

  private static String decoded(JsonObject data, String key) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(data.string(key, ""));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          data.locationOf(key), key + ": no base64; use stringData for plain text");
    }
  }
}
