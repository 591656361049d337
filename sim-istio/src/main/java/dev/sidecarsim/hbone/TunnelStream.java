package dev.sidecarsim.hbone;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.tls.ByteStream;

/** A stream of HTTP/2 inside TLS, at either end: the bytes that follow a CONNECT. */
abstract class TunnelStream implements ByteStream, ByteStream.Events {

  private final Frame.Reader frames = new Frame.Reader();

  /** Whom the bytes behind the CONNECT are for. */
  final ByteStream.Events events;

  private boolean connected;
  private boolean sentEnd;
  private boolean over;

  TunnelStream(ByteStream.Events events) {
    this.events = events;
  }

  /** The connection's plain bytes. */
  abstract ByteStream tls();

  /** Headers have come: the request, or the answer to it. */
  abstract void headers(Frame frame);

  /** The CONNECT is answered with yes. */
  void connect() {
    connected = true;
  }

  void write(Frame frame) {
    tls().send(frame.bytes());
  }

  // ---- what comes from the connection

  @Override
  public void data(Bytes bytes) {
    for (Frame frame : frames.take(bytes)) {
      if (!over) {
        take(frame);
      }
    }
  }

  private void take(Frame frame) {
    switch (frame.type()) {
      case Frame.HEADERS -> headers(frame);
      case Frame.DATA -> {
        if (!frame.body().isEmpty()) {
          events.data(frame.body());
        }
        if (frame.endStream()) {
          events.ended();
        }
      }
      default -> lose("the stream was reset");
    }
  }

  @Override
  public void ended() {
    lose("the tunnel was closed");
  }

  @Override
  public void broken(String how) {
    lose(how);
  }

  /** The stream is gone. */
  void lose(String how) {
    if (!over) {
      over = true;
      tls().close();
      events.broken(how);
    }
  }

  // ---- what its user wants

  @Override
  public void send(Bytes plain) {
    tls().send(Frame.data(plain));
  }

  @Override
  public void finish() {
    if (!sentEnd) {
      sentEnd = true;
      write(Frame.end());
    }
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      if (connected && !sentEnd) {
        write(Frame.reset());
      }
      tls().close();
    }
  }
}
