package dev.sidecarsim.netfilter;

import dev.sidecarsim.time.Durations;

/**
 * How connections of protocols other than TCP move on: how long they live, and what assures them.
 */
final class OtherTrackers {

  /** Defaults of net.netfilter.nf_conntrack_*_timeout. */
  private static final long UDP_TIMEOUT = Durations.seconds(30);

  private static final long UDP_STREAM_TIMEOUT = Durations.seconds(120);

  /** How old a UDP flow must be to count as a stream ({@code stream_ts} of the kernel). */
  private static final long UDP_PROBE = Durations.seconds(2);

  private static final long ICMP_TIMEOUT = Durations.seconds(30);
  private static final long GRE_TIMEOUT = Durations.seconds(30);
  private static final long GRE_STREAM_TIMEOUT = Durations.seconds(180);
  private static final long SCTP_CLOSED_TIMEOUT = Durations.seconds(10);
  private static final long SCTP_ESTABLISHED_TIMEOUT = Durations.seconds(210);
  private static final long GENERIC_TIMEOUT = Durations.seconds(600);

  private OtherTrackers() {}

  /**
   * Moves a connection on; false if the packet does not belong to it.
   *
   * @param now simulated time, in ns
   */
  static boolean follow(Skb skb, Connection connection, long now) {
    switch (skb.packet.protocol().number()) {
      case 1, 58 -> {
        // nf_conntrack_icmpv6_packet() judges only what opens a connection
        boolean known = connection.has(Connection.CONFIRMED) && skb.family.v6();
        if (!known && !mayOpen(connection.original())) {
          return false;
        }
        connection.expires = now + ICMP_TIMEOUT;
      }
      case 17, 136 -> {
        followUdp(connection, now);
      }
      case 47 -> followGre(connection, now);
      case 132 ->
          connection.expires =
              now + (connection.isAssociated() ? SCTP_ESTABLISHED_TIMEOUT : SCTP_CLOSED_TIMEOUT);
      default -> connection.expires = now + GENERIC_TIMEOUT;
    }
    return true;
  }

  private static boolean mayOpen(Tuple original) {
    return switch (original.icmpType()) {
      case 8, 13, 15, 17 -> original.protocol() == 1;
      case 128, 139 -> original.protocol() == 58;
      default -> false;
    };
  }

  /** A stream is what goes both ways for longer than a question and its answer take. */
  private static void followUdp(Connection connection, long now) {
    boolean stream = connection.has(Connection.SEEN_REPLY) && now > connection.began + UDP_PROBE;
    connection.expires = now + (stream ? UDP_STREAM_TIMEOUT : UDP_TIMEOUT);
    if (stream) {
      connection.set(Connection.ASSURED);
    }
  }

  private static void followGre(Connection connection, long now) {
    boolean stream = connection.has(Connection.SEEN_REPLY);
    connection.expires = now + (stream ? GRE_STREAM_TIMEOUT : GRE_TIMEOUT);
    if (stream) {
      connection.set(Connection.ASSURED);
    }
  }
}
