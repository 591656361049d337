package dev.sidecarsim.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.host.IpStep;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.trace.Trace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PcapngTest {

  private static final Packet HELLO =
      Packet.tcp(
          Endpoint.of("10.0.0.1:40000"),
          Endpoint.of("10.0.0.2:80"),
          TcpFlags.PSH_ACK,
          1000,
          2000,
          Bytes.of("hello"));

  @Test
  void checksumsAreRightOnTheWire() {
    byte[] packet = PacketBytes.of(HELLO);

    assertThat(onesComplement(packet, 0, 20)).as("IP header").isEqualTo(0xffff);
    // The pseudo header: both addresses, protocol 6 and the segment's length.
    int pseudo = onesComplement(packet, 12, 20) + 6 + (packet.length - 20);
    assertThat(fold(pseudo + onesComplement(packet, 20, packet.length)))
        .as("TCP segment")
        .isEqualTo(0xffff);
  }

  @Test
  void everyBlockSaysItsLengthAtBothEnds() {
    ByteBuffer file =
        ByteBuffer.wrap(
                Pcapng.of(
                    List.of(
                        new Trace.Entry(
                            5, new IpStep.Transmitted("pod-a", "eth0", HELLO, 0, 0, false)),
                        new Trace.Entry(9, new IpStep.Received("pod-b", "eth0", HELLO)),
                        new Trace.Entry(12, new IpStep.Received("pod-b", "eth0", HELLO)))))
            .order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder types = new StringBuilder();
    while (file.hasRemaining()) {
      int start = file.position();
      types.append(Integer.toHexString(file.getInt())).append(' ');
      int length = file.getInt();
      assertThat(file.getInt(start + length - 4)).isEqualTo(length);
      file.position(start + length);
    }

    // A section, then each interface before its first packet.
    assertThat(types.toString()).isEqualTo("a0d0d0a 1 6 1 6 6 ");
  }

  private static int onesComplement(byte[] data, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += (data[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
    }
    return fold(sum);
  }

  private static int fold(int sum) {
    int folded = sum;
    while (folded > 0xffff) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return folded;
  }
}
