package dev.sidecarsim.render;

import dev.sidecarsim.host.IpStep;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trace as a capture file: what tcpdump would have kept on each interface that the connection
 * passed. Each interface is named {@code NAMESPACE:DEVICE}; times are simulated, from 1970 on.
 *
 * <p>The format is the IETF draft "PCAP Now Generic (pcapng) Capture File Format"; packets start at
 * the IP header (LINKTYPE_RAW).
 */
public final class Pcapng {

  private static final int SECTION_HEADER = 0x0A0D0D0A;
  private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int ENHANCED_PACKET = 6;
  private static final short LINKTYPE_RAW = 101;

  private static final short OPTION_END = 0;
  private static final short OPTION_IF_NAME = 2;
  private static final short OPTION_IF_TSRESOL = 9;
  private static final short OPTION_EPB_FLAGS = 2;
  private static final byte NANOSECONDS = 9;
  private static final int INBOUND = 1;
  private static final int OUTBOUND = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Map<String, Integer> interfaces = new LinkedHashMap<>();

  private Pcapng() {}

  /** The capture file of a trace. */
  public static byte[] of(List<Trace.Entry> entries) {
    Pcapng file = new Pcapng();
    file.header();
    for (Trace.Entry entry : entries) {
      if (entry.step() instanceof IpStep.Received in) {
        file.packet(entry.nanos(), in.subject() + ":" + in.device(), in.packet(), INBOUND);
      } else if (entry.step() instanceof IpStep.Transmitted sent) {
        file.packet(entry.nanos(), sent.subject() + ":" + sent.device(), sent.packet(), OUTBOUND);
      }
    }
    return file.out.toByteArray();
  }

  private void header() {
    ByteBuffer body = buffer(16);
    // Version 1.0; the section's length is not given.
    body.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
    block(SECTION_HEADER, body);
  }

  private void packet(long nanos, String device, Packet packet, int direction) {
    int id = interfaces.computeIfAbsent(device, this::describe);
    byte[] data = PacketBytes.of(packet);
    ByteBuffer body = buffer(20 + padded(data.length) + 12);
    body.putInt(id).putInt((int) (nanos >>> 32)).putInt((int) nanos);
    body.putInt(data.length).putInt(data.length).put(data);
    body.position(20 + padded(data.length));
    body.putShort(OPTION_EPB_FLAGS).putShort((short) 4).putInt(direction);
    body.putShort(OPTION_END).putShort((short) 0);
    block(ENHANCED_PACKET, body);
  }

  private int describe(String device) {
    byte[] name = device.getBytes(StandardCharsets.UTF_8);
    ByteBuffer body = buffer(8 + 4 + padded(name.length) + 8 + 4);
    // No limit to the length of a packet.
    body.putShort(LINKTYPE_RAW).putShort((short) 0).putInt(0);
    body.putShort(OPTION_IF_NAME).putShort((short) name.length).put(name);
    body.position(12 + padded(name.length));
    body.putShort(OPTION_IF_TSRESOL).putShort((short) 1).put(NANOSECONDS);
    body.position(12 + padded(name.length) + 8);
    body.putShort(OPTION_END).putShort((short) 0);
    block(INTERFACE_DESCRIPTION, body);
    return interfaces.size();
  }

  private void block(int type, ByteBuffer body) {
    int length = body.capacity() + 12;
    ByteBuffer block = ByteBuffer.allocate(length);
    block.order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(length);
    body.rewind();
    block.put(body).putInt(length);
    out.writeBytes(block.array());
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int padded(int length) {
    return (length + 3) / 4 * 4;
  }
}
