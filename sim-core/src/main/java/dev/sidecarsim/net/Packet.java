package dev.sidecarsim.net;

import org.jspecify.annotations.Nullable;

/**
 * An IP packet with its transport header.
 *
 * @param src source address
 * @param dst destination address
 * @param protocol the transport protocol
 * @param sport source port; 0 where the protocol has none
 * @param dport destination port; 0 where the protocol has none
 * @param flags TCP flags; none for other protocols
 * @param seq TCP sequence number of the first payload byte, modulo 2³²
 * @param ack TCP acknowledgement number, modulo 2³²
 * @param icmp type, code and quoted packet of an ICMP message, else null
 * @param ttl time to live, or hop limit, in hops
 * @param tos type of service, or traffic class
 * @param options length of the TCP header's options in bytes; their content is not modelled
 * @param payload what follows the transport header
 */
public record Packet(
    IpAddress src,
    IpAddress dst,
    Protocol protocol,
    int sport,
    int dport,
    TcpFlags flags,
    long seq,
    long ack,
    @Nullable Icmp icmp,
    int ttl,
    int tos,
    int options,
    Bytes payload) {

  /** The TTL that Linux gives a packet of its own (net.ipv4.ip_default_ttl). */
  public static final int DEFAULT_TTL = 64;

  /**
   * The head of an ICMP or ICMPv6 message.
   *
   * @param type such as 8 for an IPv4 echo request
   * @param code what the type distinguishes further
   * @param id identifier of an echo, else 0
   * @param quoted the packet that an error is about, else null
   */
  public record Icmp(int type, int code, int id, @Nullable Packet quoted) {}

  public Packet {
    if (src.v6() != dst.v6()) {
      throw new IllegalArgumentException(
          "a packet is of one IP family, but goes from " + src + " to " + dst);
    }
  }

  /** A packet whose transport header has no options. */
  public Packet(
      IpAddress src,
      IpAddress dst,
      Protocol protocol,
      int sport,
      int dport,
      TcpFlags flags,
      long seq,
      long ack,
      @Nullable Icmp icmp,
      int ttl,
      int tos,
      Bytes payload) {
    this(src, dst, protocol, sport, dport, flags, seq, ack, icmp, ttl, tos, 0, payload);
  }

  /** A TCP segment. */
  public static Packet tcp(
      Endpoint from, Endpoint to, TcpFlags flags, long seq, long ack, Bytes payload) {
    return new Packet(
        from.address(),
        to.address(),
        Protocol.TCP,
        from.port(),
        to.port(),
        flags,
        seq,
        ack,
        null,
        DEFAULT_TTL,
        0,
        payload);
  }

  /** A UDP datagram. */
  public static Packet udp(Endpoint from, Endpoint to, Bytes payload) {
    return new Packet(
        from.address(),
        to.address(),
        Protocol.UDP,
        from.port(),
        to.port(),
        TcpFlags.NONE,
        0,
        0,
        null,
        DEFAULT_TTL,
        0,
        payload);
  }

  /** An ICMP (or, between IPv6 addresses, ICMPv6) message. */
  public static Packet icmp(IpAddress src, IpAddress dst, Icmp icmp) {
    Protocol protocol = src.v6() ? Protocol.ICMPV6 : Protocol.ICMP;
    return new Packet(
        src, dst, protocol, 0, 0, TcpFlags.NONE, 0, 0, icmp, DEFAULT_TTL, 0, Bytes.EMPTY);
  }

  public Endpoint from() {
    return new Endpoint(src, sport);
  }

  public Endpoint to() {
    return new Endpoint(dst, dport);
  }

  public Flow flow() {
    return new Flow(protocol, from(), to());
  }

  public Packet withSource(IpAddress address, int port) {
    return new Packet(
        address, dst, protocol, port, dport, flags, seq, ack, icmp, ttl, tos, options, payload);
  }

  public Packet withDestination(IpAddress address, int port) {
    return new Packet(
        src, address, protocol, sport, port, flags, seq, ack, icmp, ttl, tos, options, payload);
  }

  public Packet withTtl(int hops) {
    return new Packet(
        src, dst, protocol, sport, dport, flags, seq, ack, icmp, hops, tos, options, payload);
  }

  public Packet withTos(int value) {
    return new Packet(
        src, dst, protocol, sport, dport, flags, seq, ack, icmp, ttl, value, options, payload);
  }

  public Packet withPayload(Bytes bytes) {
    return new Packet(
        src, dst, protocol, sport, dport, flags, seq, ack, icmp, ttl, tos, options, bytes);
  }

  public Packet withOptions(int bytes) {
    return new Packet(
        src, dst, protocol, sport, dport, flags, seq, ack, icmp, ttl, tos, bytes, payload);
  }

  public Packet withIcmp(Icmp message) {
    return new Packet(
        src, dst, protocol, sport, dport, flags, seq, ack, message, ttl, tos, options, payload);
  }

  /** What an ICMP error quotes at most, so that it stays within 576 bytes (RFC 1812, 4.3.2.3). */
  private static final int MAX_QUOTED = 548;

  /** Whether this is an ICMP message about another packet (RFC 1122, 3.2.2; RFC 4443, 2.1). */
  public boolean isIcmpError() {
    if (icmp == null) {
      return false;
    }
    if (src.v6()) {
      return icmp.type() < 128;
    }
    return switch (icmp.type()) {
      case 3, 4, 5, 11, 12 -> true;
      default -> false;
    };
  }

  /** Total IP length in bytes: headers without options, the payload or the quoted packet. */
  public int length() {
    int quoted =
        icmp == null || icmp.quoted() == null ? 0 : Math.min(MAX_QUOTED, icmp.quoted().length());
    return (src.v6() ? 40 : 20) + transportHeader() + payload.size() + quoted;
  }

  private int transportHeader() {
    return switch (protocol.number()) {
      case 6 -> 20 + options;
      case 17, 1, 58 -> 8;
      case 132 -> 12;
      default -> 0;
    };
  }

  @Override
  public String toString() {
    if (protocol.hasPorts()) {
      String kind = protocol.equals(Protocol.TCP) ? "tcp [" + flags + "]" : protocol.toString();
      return from() + " > " + to() + " " + kind + (payload.isEmpty() ? "" : " " + payload);
    }
    return src + " > " + dst + " " + protocol + (icmp == null ? "" : " " + icmp.type());
  }
}
