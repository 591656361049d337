package dev.sidecarsim.envoy;

import java.util.Optional;
import java.util.function.Function;

/** Reads what lies between TCP and the filters, or between a cluster and TCP. */
final class TransportSocketReader {

  private final String identity;

  /**
   * @param identity the subject of the proxy's own certificate
   */
  TransportSocketReader(String identity) {
    this.identity = identity;
  }

  /** What a filter chain speaks. */
  TransportSocket downstream(ProtoMessage chain) {
    return read(
        chain,
        tls ->
            new TransportSocket.DownstreamTls(
                tls.flag("require_client_certificate").orElse(false), identity));
  }

  /** What a cluster, or a match of one, speaks. */
  TransportSocket upstream(ProtoMessage cluster) {
    return read(
        cluster,
        tls -> {
          ProtoMessage common = tls.messageOrEmpty("common_tls_context");
          return new TransportSocket.UpstreamTls(
              common.texts("alpn_protocols"),
              tls.text("sni"),
              hasCertificate(common) ? identity : "");
        });
  }

  private static boolean hasCertificate(ProtoMessage common) {
    return common.has("tls_certificates")
        || common.has("tls_certificate_sds_secret_configs")
        || common.has("tls_certificate_certificate_provider_instance")
        || common.has("custom_tls_certificate_selector");
  }

  /** A transport socket, or the TLS settings alone, as v2 had them; plaintext without either. */
  private static TransportSocket read(
      ProtoMessage holder, Function<ProtoMessage, TransportSocket> ofTls) {
    Optional<Extension> socket = holder.message("transport_socket").map(Extension::of);
    if (socket.isEmpty()) {
      return holder.message("tls_context").map(ofTls).orElse(TransportSocket.RAW);
    }
    if (socket.get().isTls()) {
      return ofTls.apply(socket.get().settings());
    }
    return socket.get().is("RawBuffer", "raw_buffer")
        ? TransportSocket.RAW
        : new TransportSocket.Unmodelled("transport socket " + socket.get().describe());
  }
}
