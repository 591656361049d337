package dev.sidecarsim.envoy;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import java.util.Optional;

/** The server's side of TLS. */
final class TlsServerStream extends TlsStream {

  private final TransportSocket.DownstreamTls settings;
  private final Endpoint called;
  private String clientIdentity = "";

  /**
   * @param called the address that the client called, for messages
   */
  TlsServerStream(
      Connection connection,
      Events events,
      TransportSocket.DownstreamTls settings,
      Endpoint called) {
    super(connection, events);
    this.settings = settings;
    this.called = called;
  }

  @Override
  public Optional<String> peer() {
    return Optional.of(clientIdentity);
  }

  @Override
  void handshake(int message, Bytes body) {
    switch (message) {
      case ClientHello.CLIENT_HELLO -> hello();
      case CERTIFICATE -> clientIdentity = body.text();
      case FINISHED -> finished();
      default -> refuse("message " + message + " is none of a client");
    }
  }

  private void hello() {
    Bytes flight =
        message(SERVER_HELLO, Bytes.EMPTY)
            .plus(message(CERTIFICATE, Bytes.of(settings.identity())));
    if (settings.requireClientCertificate()) {
      flight = flight.plus(message(CERTIFICATE_REQUEST, Bytes.EMPTY));
    }
    connection().send(flight.plus(message(FINISHED, Bytes.EMPTY)));
  }

  private void finished() {
    if (settings.requireClientCertificate() && clientIdentity.isEmpty()) {
      refuse("the client showed no certificate");
      return;
    }
    established();
  }

  @Override
  void failed(String how) {
    if (connection().tracer().on()) {
      connection()
          .tracer()
          .cause(
              new EnvoyCause.HandshakeRefused(
                  connection().process().namespace().name(), called, how));
    }
  }
}
