package dev.sidecarsim.envoy;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a listener has got and no filter chain has taken yet: a connection, or a tunnel's stream.
 */
interface Accepted {

  /** Who is told while listener filters wait. */
  interface Watcher {
    /** More bytes have come, or the end of them. */
    void readable();

    void gone();
  }

  Endpoint remote();

  Endpoint local();

  /** What was called before any translation; empty if nobody knows. */
  Optional<Endpoint> originalDestination();

  /** The bytes that wait. */
  Bytes peek();

  /** Whether no more will come behind them. */
  boolean peerFinished();

  Tracer tracer();

  void watch(Watcher watcher);

  /**
   * Its plain bytes, of which this is told no more.
   *
   * @param refused is told why a TLS handshake came to nothing
   */
  ByteStream stream(TransportSocket transport, ByteStream.Events events, Consumer<String> refused);

  void close();
}
