package dev.sidecarsim.ztunnel;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.tls.RawStream;
import java.util.Optional;

/**
 * Plaintext from outside: if the policies let it in, ztunnel dials the application in the caller's
 * name (ztunnel's inbound_passthrough.rs).
 */
final class Inbound {

  private Inbound() {}

  static void run(Ztunnel ztunnel, Connection connection) {
    Endpoint called = connection.originalDestination().orElse(connection.local());
    Access.Call call = new Access.Call(Optional.empty(), connection.remote().address(), called);
    if (connection.tracer().on()) {
      connection.tracer().step(new ZtunnelStep.Plaintext(ztunnel.subject(), called, call.source()));
    }
    if (Ztunnel.isOwnPort(called.port())) {
      ztunnel.tellForbidden(connection, called);
      connection.close();
    } else if (!ztunnel.admits(connection, call)) {
      connection.close();
    } else {
      Relay relay = ztunnel.plainRelay(connection, "the application");
      relay.near(new RawStream(connection, relay.nearEvents()));
      ztunnel.deliver(connection, call, relay);
    }
  }
}
