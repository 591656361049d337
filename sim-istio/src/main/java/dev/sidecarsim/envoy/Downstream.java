package dev.sidecarsim.envoy;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.trace.Tracer;

/**
 * A connection that a filter chain has taken.
 *
 * @param restored whether the destination is the original one
 */
record Downstream(Envoy envoy, Connection connection, Incoming incoming, boolean restored) {

  Tracer tracer() {
    return connection.tracer();
  }

  String subject() {
    return envoy.subject();
  }

  /** The plain bytes, as the chain's transport socket gives them. */
  ByteStream stream(TransportSocket transport, ByteStream.Events events) {
    return transport instanceof TransportSocket.DownstreamTls tls
        ? new TlsServerStream(connection, events, tls, incoming.destination())
        : new RawStream(connection, events);
  }
}
