package dev.sidecarsim.ztunnel;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.tls.ClientHello;
import dev.sidecarsim.tls.TlsClientStream;

/** The dialling end of a tunnel: mTLS in the pod's name, then a CONNECT to the target. */
final class TunnelClient extends TunnelStream {

  private static final ImmutableList<String> ALPN = ImmutableList.of("h2");

  private final ByteStream tls;
  private final ByteStream.Events events;
  private final Endpoint target;
  private boolean connected;

  TunnelClient(Ztunnel ztunnel, Connection dialled, Endpoint target, ByteStream.Events events) {
    this.events = events;
    this.target = target;
    this.tls =
        new TlsClientStream(
            dialled,
            this,
            new ClientHello("", ALPN),
            ztunnel.identity(),
            ztunnel.random(),
            how -> refused(ztunnel, dialled, how));
    dialled.handler(tls);
  }

  private static void refused(Ztunnel ztunnel, Connection dialled, String how) {
    if (dialled.tracer().on()) {
      dialled.tracer().cause(new ZtunnelCause.NoTunnel(ztunnel.subject(), dialled.remote(), how));
    }
  }

  @Override
  ByteStream tls() {
    return tls;
  }

  @Override
  ByteStream.Events events() {
    return events;
  }

  @Override
  boolean connected() {
    return connected;
  }

  @Override
  public void opened() {
    write(Frame.connect(target.toString()));
  }

  @Override
  void headers(Frame answer) {
    String status = answer.header(":status");
    if (status.equals("200")) {
      connected = true;
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
