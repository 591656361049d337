package dev.sidecarsim.tls;

import dev.sidecarsim.net.Bytes;
import java.util.Optional;

/** One side of a conversation as a proxy sees it: plain bytes, whatever lies on the wire. */
public interface ByteStream {

  /** What a filter is told. */
  interface Events {
    /** Bytes can be sent: connected, and the TLS handshake done where there is one. */
    void opened();

    void data(Bytes plain);

    /** The peer sends no more. */
    void ended();

    /**
     * The connection is gone.
     *
     * @param how in a few words
     */
    void broken(String how);
  }

  /**
   * Does what an accepted connection needs before anybody reads from it: the server's part of a TLS
   * handshake.
   */
  default void prepare() {}

  /** The identity in the peer's certificate; the empty text for none, empty outside of TLS. */
  default Optional<String> peer() {
    return Optional.empty();
  }

  /** Starts to read what was accepted. */
  void start();

  void send(Bytes plain);

  /** Says that no more will be sent. */
  void finish();

  void close();
}
