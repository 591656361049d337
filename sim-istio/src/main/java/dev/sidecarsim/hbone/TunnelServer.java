package dev.sidecarsim.hbone;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.tls.ByteStream;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The accepting end of a tunnel: takes a CONNECT, and its stream if somebody accepts it. */
public final class TunnelServer extends TunnelStream {

  private final ByteStream tls;
  private final Consumer<Endpoint> asked;

  /**
   * @param tls makes the stream of an accepted connection, which asks for the caller's certificate
   * @param events about the bytes behind the CONNECT
   * @param asked is told what the caller wants to be connected to; accepts or refuses
   */
  public TunnelServer(
      Function<ByteStream.Events, ByteStream> tls,
      ByteStream.Events events,
      Consumer<Endpoint> asked) {
    super(events);
    this.asked = asked;
    this.tls = tls.apply(this);
  }

  /** Takes over the connection. */
  public void run() {
    tls.start();
  }

  /** Says yes: bytes follow. */
  public void accept() {
    connect();
    write(Frame.status(200));
  }

  /** Says no; the caller closes then. */
  public void refuse(int status) {
    write(Frame.status(status));
  }

  @Override
  public Optional<String> peer() {
    return tls.peer();
  }

  @Override
  ByteStream tls() {
    return tls;
  }

  @Override
  public void opened() {
    // The caller speaks next.
  }

  @Override
  void headers(Frame request) {
    asked.accept(Endpoint.of(request.header(":authority")));
  }

  @Override
  public void start() {
    // It is read from the start, for the request comes first.
  }
}
