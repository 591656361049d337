package dev.sidecarsim.istio.proxyconfig;

import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.util.Optional;

/** What is spoken below the filters, as Envoy's configuration has it. */
final class TransportSocketJson {

  private static final String TLS = "envoy.extensions.transport_sockets.tls.v3.";

  private TransportSocketJson() {}

  /** Empty for plaintext, which needs no word. */
  static Optional<JsonObject> of(TransportSocket socket) {
    return socket instanceof TransportSocket.Raw ? Optional.empty() : Optional.of(full(socket));
  }

  /** With a word for plaintext, too. */
  static JsonObject full(TransportSocket socket) {
    if (socket instanceof TransportSocket.DownstreamTls tls) {
      JsonObject.Builder settings =
          TypedJson.any(TLS + "DownstreamTlsContext").put("commonTlsContext", certificate());
      return tls(settings.put("requireClientCertificate", tls.requireClientCertificate()));
    }
    if (socket instanceof TransportSocket.UpstreamTls tls) {
      JsonObject.Builder settings = TypedJson.any(TLS + "UpstreamTlsContext");
      settings.put("commonTlsContext", common(tls));
      if (!tls.sni().isEmpty()) {
        settings.put("sni", tls.sni());
      }
      return tls(settings);
    }
    boolean plain = socket instanceof TransportSocket.Raw;
    return Json.object()
        .put("name", "envoy.transport_sockets." + (plain ? "raw_buffer" : "internal_upstream"))
        .build();
  }

  private static JsonObject tls(JsonObject.Builder settings) {
    return TypedJson.named("envoy.transport_sockets.tls", settings);
  }

  private static JsonObject common(TransportSocket.UpstreamTls tls) {
    JsonObject.Builder common = Json.object();
    if (!tls.alpn().isEmpty()) {
      common.put("alpnProtocols", Json.strings(tls.alpn()));
    }
    if (!tls.identity().isEmpty()) {
      common.put("tlsCertificateSdsSecretConfigs", secret());
    }
    return common.build();
  }

  private static JsonObject certificate() {
    return Json.object().put("tlsCertificateSdsSecretConfigs", secret()).build();
  }

  /** The workload's own certificate, by the name under which the agent hands it out. */
  private static Json secret() {
    return Json.array(Json.object().put("name", "default").build());
  }
}
