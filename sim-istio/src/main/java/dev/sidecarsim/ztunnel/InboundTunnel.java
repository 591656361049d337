package dev.sidecarsim.ztunnel;

import dev.sidecarsim.hbone.TunnelServer;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.tls.TlsServerStream;

/**
 * What comes through a tunnel: asks for the caller's certificate, takes its CONNECT, and if the
 * policies let it in, dials the application in its name (ztunnel's inbound.rs).
 */
final class InboundTunnel {

  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final Ztunnel ztunnel;
  private final Connection connection;
  private final Relay relay;
  private final TunnelServer tunnel;

  InboundTunnel(Ztunnel ztunnel, Connection connection) {
    this.ztunnel = ztunnel;
    this.connection = connection;
    this.relay = new Relay(this::stands, this::refused);
    this.tunnel =
        new TunnelServer(
            events ->
                new TlsServerStream(
                    connection, events, ztunnel.identity(), true, this::handshakeRefused),
            relay.nearEvents(),
            this::asked);
    relay.near(tunnel);
  }

  /** Takes over the connection. */
  void run() {
    tunnel.run();
  }

  private void handshakeRefused(String why) {
    if (connection.tracer().on()) {
      connection
          .tracer()
          .cause(new ZtunnelCause.HandshakeRefused(ztunnel.subject(), connection.local(), why));
    }
  }

  private void asked(Endpoint target) {
    IpAddress source = connection.remote().address();
    Access.Call call = new Access.Call(tunnel.peer(), source, target);
    if (connection.tracer().on()) {
      connection
          .tracer()
          .step(new ZtunnelStep.Asked(ztunnel.subject(), target, tunnel.peer().orElse(""), source));
    }
    if (Ztunnel.isOwnPort(target.port())
        || !target.address().equals(connection.local().address())) {
      ztunnel.tellForbidden(connection, target);
      tunnel.refuse(BAD_REQUEST);
    } else if (!ztunnel.admits(connection, call)) {
      tunnel.refuse(UNAUTHORIZED);
    } else {
      ztunnel.deliver(connection, call, relay);
    }
  }

  private void stands() {
    tunnel.accept();
  }

  /** The application cannot be reached. */
  private void refused(String why) {
    ztunnel.tellFailed(connection, "the application", why);
    tunnel.refuse(SERVICE_UNAVAILABLE);
  }
}
