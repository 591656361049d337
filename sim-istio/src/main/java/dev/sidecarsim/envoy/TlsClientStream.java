package dev.sidecarsim.envoy;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Bytes;
import java.util.Random;

/** The client's side of TLS. */
final class TlsClientStream extends TlsStream {

  private final TransportSocket.UpstreamTls settings;
  private final String subject;
  private final Random random;
  private boolean certificateAsked;

  TlsClientStream(
      Connection connection, Events events, TransportSocket.UpstreamTls settings, Random random) {
    super(connection, events);
    this.settings = settings;
    this.subject = connection.process().namespace().name();
    this.random = random;
  }

  @Override
  public void onConnected(Connection dialled) {
    dialled.send(new ClientHello(settings.sni(), settings.alpn()).toRecord(random));
  }

  @Override
  void handshake(int message, Bytes body) {
    switch (message) {
      case SERVER_HELLO, CERTIFICATE -> {
        // The mesh's servers are believed; what they show decides nothing.
      }
      case CERTIFICATE_REQUEST -> certificateAsked = true;
      case FINISHED -> answer();
      default -> refuse("message " + message + " stands where the server's hello is due");
    }
  }

  /** The last flight; this side may send data right behind it. */
  private void answer() {
    Bytes flight = Bytes.EMPTY;
    if (certificateAsked) {
      flight = message(CERTIFICATE, Bytes.of(settings.identity()));
    }
    connection().send(flight.plus(message(FINISHED, Bytes.EMPTY)));
    established();
  }

  @Override
  void failed(String how) {
    if (connection().tracer().on()) {
      connection()
          .tracer()
          .cause(new EnvoyCause.TlsToPlaintext(subject, connection().remote(), how));
    }
  }
}
