package dev.sidecarsim.tls;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The first message of a TLS connection (RFC 5246, 7.4.1.2), with its server name (RFC 6066) and
 * its application protocols (RFC 7301).
 *
 * @param serverName in lower case; empty for none
 * @param alpn in the client's order
 */
public record ClientHello(String serverName, ImmutableList<String> alpn) {

  /** One with neither. */
  public static final ClientHello BARE = new ClientHello("", ImmutableList.of());

  /** The type of the record that holds it (RFC 8446, 5.1). */
  public static final int HANDSHAKE_RECORD = 0x16;

  /** Its type among the messages of the handshake (RFC 8446, 4). */
  public static final int CLIENT_HELLO = 1;

  private static final int EXTENSION_SERVER_NAME = 0;
  private static final int EXTENSION_ALPN = 16;

  /** version, random, one cipher suite (TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256), no compression. */
  private static final int RANDOM_BYTES = 32;

  private static final byte[] SUITES = {0x00, 0x02, (byte) 0xc0, 0x2f, 0x01, 0x00};

  /** The message as one record. */
  public Bytes toRecord(Random random) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(3);
    body.write(3);
    byte[] nonce = new byte[RANDOM_BYTES];
    random.nextBytes(nonce);
    body.writeBytes(nonce);
    body.write(0);
    body.writeBytes(SUITES);
    byte[] extensions = extensions();
    writeShort(body, extensions.length);
    body.writeBytes(extensions);
    return TlsRecords.handshake(0x0301, CLIENT_HELLO, Bytes.of(body.toByteArray()));
  }

  private byte[] extensions() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (!serverName.isEmpty()) {
      byte[] name = serverName.getBytes(StandardCharsets.US_ASCII);
      writeShort(all, EXTENSION_SERVER_NAME);
      writeShort(all, name.length + 5);
      writeShort(all, name.length + 3);
      all.write(0);
      writeShort(all, name.length);
      all.writeBytes(name);
    }
    if (!alpn.isEmpty()) {
      byte[] list = alpnList();
      writeShort(all, EXTENSION_ALPN);
      writeShort(all, list.length + 2);
      writeShort(all, list.length);
      all.writeBytes(list);
    }
    return all.toByteArray();
  }

  private byte[] alpnList() {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    for (String protocol : alpn) {
      byte[] name = protocol.getBytes(StandardCharsets.US_ASCII);
      list.write(name.length);
      list.writeBytes(name);
    }
    return list.toByteArray();
  }

  private static void writeShort(ByteArrayOutputStream out, int value) {
    out.write(value >>> 8);
    out.write(value & 0xff);
  }

  /**
   * Reads a message without its header of type and length.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ClientHello parse(Bytes body) {
    try {
      return new Reader(body).read();
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("the ClientHello ends too early", e);
    }
  }

  /** A place in a message. */
  private static final class Reader {
    private final Bytes body;
    private int at = 2 + RANDOM_BYTES;

    Reader(Bytes body) {
      this.body = body;
    }

    ClientHello read() {
      at += 1 + body.at(at);
      at += 2 + number(at);
      at += 1 + body.at(at);
      String name = "";
      List<String> protocols = List.of();
      if (at < body.size()) {
        int end = at + 2 + number(at);
        at += 2;
        while (at < end) {
          int type = number(at);
          int length = number(at + 2);
          at += 4;
          if (type == EXTENSION_SERVER_NAME) {
            name = text(at + 5, at + 5 + number(at + 3)).toLowerCase(Locale.ROOT);
          } else if (type == EXTENSION_ALPN) {
            protocols = protocols(at + 2, at + length);
          }
          at += length;
        }
      }
      return new ClientHello(name, ImmutableList.copyOf(protocols));
    }

    private List<String> protocols(int start, int end) {
      ImmutableList.Builder<String> names = ImmutableList.builder();
      for (int i = start; i < end; i += 1 + body.at(i)) {
        names.add(text(i + 1, i + 1 + body.at(i)));
      }
      return names.build();
    }

    private int number(int index) {
      return body.at(index) << 8 | body.at(index + 1);
    }

    private String text(int start, int end) {
      if (end > body.size()) {
        throw new IndexOutOfBoundsException(end);
      }
      return body.slice(start, end).text();
    }
  }
}
