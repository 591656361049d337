package dev.sidecarsim.ztunnel;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.tls.RawStream;

/** What the pod's programs dial (ztunnel's outbound.rs). */
final class Outbound {

  private Outbound() {}

  static void run(Ztunnel ztunnel, Connection connection) {
    Endpoint called = connection.originalDestination().orElse(connection.local());
    Destination destination = ztunnel.destination(called);
    if (connection.tracer().on()) {
      connection
          .tracer()
          .step(new ZtunnelStep.Routed(ztunnel.subject(), called, destination, ztunnel.identity()));
    }
    if (destination instanceof Destination.Nobody nobody) {
      ztunnel.tell(
          connection, new ZtunnelCause.NoEndpoints(ztunnel.subject(), called, nobody.why()));
      connection.close();
    } else {
      Relay relay = ztunnel.plainRelay(connection, called.toString());
      relay.near(new RawStream(connection, relay.nearEvents()));
      dial(ztunnel, connection, destination, relay);
    }
  }

  /** Dials in the pod's name; a machine inside the pod is not known by its own address outside. */
  private static void dial(
      Ztunnel ztunnel, Connection connection, Destination destination, Relay relay) {
    Endpoint to =
        destination instanceof Destination.Tunnel tunnel
            ? tunnel.gateway()
            : ((Destination.Plain) destination).to();
    Dial dial = ztunnel.dial(to, connection.tracer());
    Connection dialled = ztunnel.process().connect(dial, new ConnectionHandler() {});
    if (destination instanceof Destination.Tunnel tunnel) {
      relay.far(ztunnel.tunnel(dialled, tunnel.target(), relay.farEvents()));
    } else {
      RawStream raw = new RawStream(dialled, relay.farEvents());
      dialled.handler(raw);
      relay.far(raw);
    }
  }
}
