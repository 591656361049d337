package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * A packet on its way through a host, with what the kernel knows of it beside its bytes (its {@code
 * sk_buff}). It is mutable, and lives as long as the packet is inside one host.
 */
public final class Skb {

  /** The source address of frames whose sender nobody named. */
  public static final String DEFAULT_MAC = "02:00:00:02:00:01";

  Packet packet;
  int mark;
  String in = "";
  String out = "";
  boolean socket;
  boolean kernelSocket;
  long uid;
  long gid;
  String sourceMac = "";
  PacketType type = PacketType.UNICAST;

  /** Whether this host sent it to itself. */
  boolean turned;

  @Nullable IpAddress nextHop;
  Tracer tracer;

  @Nullable Connection connection;
  CtState ctState = CtState.NONE;
  boolean reply;

  /** The CT rule that it met, until it is tracked. */
  @Nullable CtTarget template;

  @Nullable Endpoint proxy;
  Hook hook = Hook.PREROUTING;
  Family family = Family.IPV4;
  @Nullable RejectWith rejection;
  @Nullable Rerouter rerouter;

  public Skb(Packet packet, int mark, Tracer tracer) {
    this.packet = packet;
    this.mark = mark;
    this.tracer = tracer;
  }

  public Packet packet() {
    return packet;
  }

  public void setPacket(Packet packet) {
    this.packet = packet;
  }

  public int mark() {
    return mark;
  }

  public Tracer tracer() {
    return tracer;
  }

  /** The socket's address to which TPROXY gave it, else null. */
  public @Nullable Endpoint proxy() {
    return proxy;
  }

  /** The interface it came in by; empty for a packet that this host sends. */
  public String in() {
    return in;
  }

  /** The interface it leaves by; empty for a packet that comes in. */
  public String out() {
    return out;
  }

  /** How to answer after {@link Verdict#REJECT}, else null. */
  public @Nullable RejectWith rejection() {
    return rejection;
  }

  /** The mark of its connection; 0 without one. */
  public int connectionMark() {
    return connection == null ? 0 : connection.mark;
  }

  /**
   * Whether connection tracking or a CT rule has said something of it that still holds; an invalid
   * packet is as one not seen yet.
   */
  boolean isJudged() {
    return connection != null || template != null || ctState == CtState.UNTRACKED;
  }

  /** The connection as rules see it. */
  @Nullable Connection seen() {
    return connection != null || template == null ? connection : template.template();
  }

  /** To whom the link layer addressed it. */
  public PacketType type() {
    return type;
  }

  /** Names who finds another way when OUTPUT changes the packet. */
  public void setRerouter(Rerouter rerouter) {
    this.rerouter = rerouter;
  }

  /** Makes this the kernel's answer within another packet's connection. */
  public void attachTo(Skb answered) {
    if (answered.connection != null) {
      connection = answered.connection;
      reply = !answered.reply;
      ctState = CtState.RELATED;
    }
  }

  /**
   * Ends the packet's TCP connection, which REJECT resets, unless it is only about to begin ({@code
   * nf_ct_set_closing()}).
   *
   * @param now simulated time, in ns
   */
  public void closeConnection(long now) {
    if (connection != null && connection.has(Connection.CONFIRMED)) {
      connection.tcp.close();
      connection.expires = now + TcpState.CLOSE.timeout();
    }
  }

  /** Whether a socket of this host sent it. */
  public boolean hasSocket() {
    return socket;
  }

  /** Names the socket that sends it. */
  public void setOwner(long uid, long gid) {
    this.socket = true;
    this.uid = uid;
    this.gid = gid;
  }

  /** A socket of the kernel's own sends it, which belongs to nobody: so ICMP errors are sent. */
  public void setKernelSocket() {
    this.kernelSocket = true;
  }

  /** A packet that this host sent comes in again; it belongs to no socket any more. */
  public void turnAround(String device, PacketType addressedTo) {
    socket = false;
    kernelSocket = false;
    uid = 0;
    gid = 0;
    turned = true;
    arriveBy(device, "", addressedTo);
  }

  /** A second packet like this one, which belongs to no socket ({@code skb_clone()}). */
  public Skb copy() {
    Skb copy = new Skb(packet, mark, tracer);
    copy.connection = connection;
    copy.ctState = ctState;
    copy.reply = reply;
    return copy;
  }

  /** Says by which interface it came in, and from whom. */
  public void arriveBy(String device, String mac, PacketType addressedTo) {
    in = device;
    out = "";
    sourceMac = mac;
    type = addressedTo;
  }

  /** Says by which interface and over which neighbour it will leave. */
  public void leaveBy(String device, IpAddress hop) {
    out = device;
    nextHop = hop;
  }

  @Override
  public String toString() {
    return packet + (mark == 0 ? "" : " mark 0x" + Integer.toHexString(mark));
  }
}
