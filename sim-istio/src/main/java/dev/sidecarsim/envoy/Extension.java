package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;
import java.util.Optional;

/**
 * A filter, transport socket or other extension: what it is called, what it is, and its settings.
 *
 * @param name as configured; anybody may choose it, so the type counts where there is one
 * @param type the settings' protobuf type, such as {@code
 *     envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy}; empty where the dump tells none
 */
record Extension(String name, String type, ProtoMessage settings) {

  /** What stands in place of settings that Envoy fetches by themselves (ECDS). */
  static final String FETCHED = "config_discovery";

  /** Reads {@code {"name": …, "typed_config": …}} or, of old Envoys, {@code "config"}. */
  static Extension of(ProtoMessage written) {
    String name = written.text("name");
    Optional<ProtoMessage> settings =
        written.message("typed_config").or(() -> written.message("config"));
    if (settings.isEmpty() && written.has(FETCHED)) {
      return new Extension(name, FETCHED, empty(written));
    }
    return any(name, settings.orElseGet(() -> empty(written)));
  }

  private static ProtoMessage empty(ProtoMessage at) {
    return ProtoMessage.of(new JsonObject(ImmutableMap.of(), at.location()));
  }

  /** Reads an Any; one that holds a TypedStruct is what that struct says it is. */
  static Extension any(String name, ProtoMessage any) {
    String type = typeName(any.text("@type"));
    if (type.endsWith(".TypedStruct")) {
      String inner = typeName(any.text("type_url"));
      return new Extension(name, inner, any.message("value").orElseGet(() -> empty(any)));
    }
    return new Extension(name, type, any);
  }

  private static String typeName(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /** Whether its type's last part is this one; without a type, whether its name ends so. */
  boolean is(String message, String lastOfName) {
    if (!type.isEmpty()) {
      return type.equals(message) || type.endsWith("." + message);
    }
    return name.equals(lastOfName) || name.endsWith("." + lastOfName);
  }

  /** Whether it is TLS. */
  boolean isTls() {
    return type.isEmpty()
        ? name.equals("tls") || name.endsWith(".tls")
        : type.endsWith("TlsContext");
  }

  /** For messages: the name, and the type where that says more. */
  String describe() {
    return type.isEmpty() ? name : name + " (" + type + ")";
  }
}
