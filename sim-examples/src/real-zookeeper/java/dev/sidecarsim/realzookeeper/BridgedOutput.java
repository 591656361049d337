package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.net.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Writes to a socket. */
final class BridgedOutput extends OutputStream {

  private final BridgedSocket socket;

  BridgedOutput(BridgedSocket socket) {
    this.socket = socket;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    socket.write(Bytes.of(Arrays.copyOfRange(from, offset, offset + length)));
  }

  @Override
  public void close() {
    socket.close();
  }
}
