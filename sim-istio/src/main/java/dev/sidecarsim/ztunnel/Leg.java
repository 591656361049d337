package dev.sidecarsim.ztunnel;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.tls.ByteStream;

/** One side of a relay: plain bytes, whatever lies on the wire. */
interface Leg {

  /** Starts to read; called once the other side stands. */
  void start();

  void send(Bytes plain);

  /** Says that no more will be sent. */
  void finish();

  void close();

  /** A leg of bytes as they are. */
  static Leg of(ByteStream stream) {
    return new Leg() {
      @Override
      public void start() {
        stream.start();
      }

      @Override
      public void send(Bytes plain) {
        stream.send(plain);
      }

      @Override
      public void finish() {
        stream.finish();
      }

      @Override
      public void close() {
        stream.close();
      }
    };
  }
}
