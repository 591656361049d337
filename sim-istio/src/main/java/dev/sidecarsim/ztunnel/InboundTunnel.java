package dev.sidecarsim.ztunnel;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.tls.TlsServerStream;

/**
 * The accepting end of a tunnel: asks for the caller's certificate, takes its CONNECT, and if the
 * policies let it in, dials the application in its name (ztunnel's inbound.rs).
 */
final class InboundTunnel extends TunnelStream {

  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final Ztunnel ztunnel;
  private final Connection connection;
  private final Relay relay = new Relay(this::stands, this::refused);
  private final ByteStream tls;
  private boolean connected;

  InboundTunnel(Ztunnel ztunnel, Connection connection) {
    this.ztunnel = ztunnel;
    this.connection = connection;
    this.tls =
        new TlsServerStream(connection, this, ztunnel.identity(), true, this::handshakeRefused);
    relay.near(this);
  }

  /** Takes over the connection. */
  void run() {
    tls.start();
  }

  private void handshakeRefused(String why) {
    if (connection.tracer().on()) {
      connection
          .tracer()
          .cause(new ZtunnelCause.HandshakeRefused(ztunnel.subject(), connection.local(), why));
    }
  }

  @Override
  ByteStream tls() {
    return tls;
  }

  @Override
  ByteStream.Events events() {
    return relay.nearEvents();
  }

  @Override
  boolean connected() {
    return connected;
  }

  @Override
  public void opened() {
    // The caller speaks next.
  }

  @Override
  void headers(Frame request) {
    Endpoint target = Endpoint.of(request.header(":authority"));
    IpAddress source = connection.remote().address();
    Access.Call call = new Access.Call(tls.peer(), source, target);
    if (connection.tracer().on()) {
      connection
          .tracer()
          .step(new ZtunnelStep.Asked(ztunnel.subject(), target, tls.peer().orElse(""), source));
    }
    if (Ztunnel.isOwnPort(target.port())
        || !target.address().equals(connection.local().address())) {
      ztunnel.tellForbidden(connection, target);
      answer(BAD_REQUEST);
    } else if (!ztunnel.admits(connection, call)) {
      answer(UNAUTHORIZED);
    } else {
      ztunnel.deliver(connection, call, relay);
    }
  }

  private void stands() {
    connected = true;
    write(Frame.status(200));
  }

  /** The application cannot be reached. */
  private void refused(String why) {
    ztunnel.tellFailed(connection, "the application", why);
    answer(SERVICE_UNAVAILABLE);
  }

  /** Says no; the caller's ztunnel closes then. */
  private void answer(int status) {
    write(Frame.status(status));
  }

  @Override
  public void start() {
    // It is read from the start, for the request comes first.
  }
}
