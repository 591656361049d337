package dev.sidecarsim.hbone;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.tls.ClientHello;
import dev.sidecarsim.tls.TlsClientStream;
import java.util.Random;
import java.util.function.Consumer;

/** The dialling end of a tunnel: mTLS, then a CONNECT to the target. */
public final class TunnelClient extends TunnelStream {

  private static final ImmutableList<String> ALPN = ImmutableList.of("h2");

  private final ByteStream tls;
  private final Endpoint target;

  /**
   * Takes over a connection that is being made.
   *
   * @param target what the other end is asked to connect to
   * @param identity the subject of the own certificate
   * @param random for TLS's random bytes
   * @param refused is told why a TLS handshake came to nothing
   */
  public TunnelClient(
      Connection dialled,
      Endpoint target,
      String identity,
      ByteStream.Events events,
      Random random,
      Consumer<String> refused) {
    super(events);
    this.target = target;
    TlsClientStream client =
        new TlsClientStream(dialled, this, new ClientHello("", ALPN), identity, random, refused);
    this.tls = client;
    dialled.handler(client);
  }

  @Override
  ByteStream tls() {
    return tls;
  }

  @Override
  public void opened() {
    write(Frame.connect(target.toString()));
  }

  @Override
  void headers(Frame answer) {
    String status = answer.header(":status");
    if (status.equals("200")) {
      connect();
      events.opened();
    } else {
      lose("CONNECT was answered with " + status);
    }
  }

  @Override
  public void start() {
    // It is this end that called.
  }
}
