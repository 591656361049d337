package dev.sidecarsim.host;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;

/** One end of a TCP connection, as a program holds it. */
public interface Connection {

  /** The program that holds this end. */
  Process process();

  /** getsockname(2). */
  Endpoint local();

  /** getpeername(2). */
  Endpoint remote();

  /** SO_ORIGINAL_DST: the address dialled before any translation; empty for ENOENT. */
  Optional<Endpoint> originalDestination();

  TcpState state();

  /** Where the steps of this conversation go. */
  Tracer tracer();

  /** Replaces the program's reaction. */
  void handler(ConnectionHandler handler);

  /** Sends bytes; does nothing once this direction is closed or the connection is gone. */
  void send(Bytes data);

  /** shutdown(SHUT_WR): sends FIN after what was sent before; reading goes on. */
  void finish();

  /** close(2): a FIN, or a RST where received bytes are still unread. */
  void close();

  /** close(2) with SO_LINGER 0: a RST. */
  void abort();

  /** Leaves what arrives from now on in the receive buffer. */
  void pauseReading();

  /** Reads again: the handler is given all that waits. */
  void resumeReading();

  /** recv(2) with MSG_PEEK: what waits in the receive buffer, which stays there. */
  Bytes peek();

  /** Whether the peer's FIN is behind the bytes that wait. */
  boolean peerFinished();
}
