package dev.sidecarsim.tls;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Bytes;
import java.util.Optional;
import java.util.function.Consumer;

/** The server's side of TLS. */
public final class TlsServerStream extends TlsStream {

  private final String identity;
  private final boolean requireClientCertificate;
  private String clientIdentity = "";

  /**
   * @param identity the subject of the own certificate
   * @param requireClientCertificate whether a client without a certificate is turned away
   * @param refused is told why a handshake came to nothing
   */
  public TlsServerStream(
      Connection connection,
      Events events,
      String identity,
      boolean requireClientCertificate,
      Consumer<String> refused) {
    super(connection, events, refused);
    this.identity = identity;
    this.requireClientCertificate = requireClientCertificate;
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
        message(SERVER_HELLO, Bytes.EMPTY).plus(message(CERTIFICATE, Bytes.of(identity)));
    if (requireClientCertificate) {
      flight = flight.plus(message(CERTIFICATE_REQUEST, Bytes.EMPTY));
    }
    connection().send(flight.plus(message(FINISHED, Bytes.EMPTY)));
  }

  private void finished() {
    if (requireClientCertificate && clientIdentity.isEmpty()) {
      refuse("the client showed no certificate");
      return;
    }
    established();
  }
}
