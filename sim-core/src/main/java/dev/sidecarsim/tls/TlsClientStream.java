package dev.sidecarsim.tls;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Bytes;
import java.util.Random;
import java.util.function.Consumer;

/** The client's side of TLS. */
public final class TlsClientStream extends TlsStream {

  private final ClientHello hello;
  private final String identity;
  private final Random random;
  private boolean certificateAsked;

  /**
   * @param identity the subject of the own certificate; empty: it has none to show
   * @param random for the hello's random bytes
   * @param refused is told why a handshake came to nothing
   */
  public TlsClientStream(
      Connection connection,
      Events events,
      ClientHello hello,
      String identity,
      Random random,
      Consumer<String> refused) {
    super(connection, events, refused);
    this.hello = hello;
    this.identity = identity;
    this.random = random;
  }

  @Override
  public void onConnected(Connection dialled) {
    dialled.send(hello.toRecord(random));
  }

  @Override
  void handshake(int message, Bytes body) {
    switch (message) {
      case SERVER_HELLO, CERTIFICATE -> {
        // Servers are believed; what they show decides nothing.
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
      flight = message(CERTIFICATE, Bytes.of(identity));
    }
    connection().send(flight.plus(message(FINISHED, Bytes.EMPTY)));
    established();
  }
}
