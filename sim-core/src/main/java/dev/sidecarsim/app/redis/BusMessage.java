package dev.sidecarsim.app.redis;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Framing;
import dev.sidecarsim.app.TextFrames;
import dev.sidecarsim.net.Bytes;
import java.util.List;

/**
 * A message of the cluster bus: who sends it, in which role, and what it knows of others.
 *
 * @param sender the node's id
 * @param pod not of Redis: for reports only
 * @param ip the announced address; empty for the address that the message comes from
 * @param hostname of the sender; empty if it announces none
 * @param masterId of a replica's master; {@code -} for a master
 * @param currentEpoch the newest epoch that the sender knows of
 * @param epoch the epoch of the configuration by which the slots are served
 * @param slots those of the sender, or of its master; in an UPDATE those of the node it is about
 * @param offset how much of the replication stream the sender has
 * @param gossip of PING, PONG and MEET; of FAIL and UPDATE the one node that they are about
 */
record BusMessage(
    Type type,
    String sender,
    String pod,
    String ip,
    int port,
    int busPort,
    String hostname,
    String masterId,
    long currentEpoch,
    long epoch,
    String slots,
    long offset,
    ImmutableList<Gossip> gossip) {

  enum Type {
    PING("ping"),
    PONG("pong"),
    MEET("meet"),
    FAIL("fail"),
    AUTH_REQUEST("auth-req"),
    AUTH_ACK("auth-ack"),
    UPDATE("update");

    /** As CLUSTER INFO counts it. */
    final String word;

    Type(String word) {
      this.word = word;
    }

    /** Whether it is there to say who and where the sender is, and whom it knows. */
    boolean tellsOfSender() {
      return this == PING || this == PONG || this == MEET;
    }
  }

  /** What the sender knows of one other node. */
  record Gossip(String id, String pod, String ip, int port, int busPort, String flags) {
    String encode() {
      return String.join(
          "|", id, pod, ip, Integer.toString(port), Integer.toString(busPort), flags);
    }

    static Gossip decode(String line) {
      List<String> parts = Splitter.on('|').splitToList(line);
      return new Gossip(
          parts.get(0),
          parts.get(1),
          parts.get(2),
          Integer.parseInt(parts.get(3)),
          Integer.parseInt(parts.get(4)),
          parts.get(5));
    }

    boolean says(String flag) {
      return Splitter.on(',').splitToList(flags).contains(flag);
    }

    boolean failing() {
      return says("fail") || says("fail?");
    }
  }

  /** Every message of the bus starts with these four bytes. */
  static final Framing<String> FRAMING = new TextFrames(Bytes.of("RCmb"));

  String encode() {
    StringBuilder out =
        new StringBuilder(
            String.join(
                "|",
                type.name(),
                sender,
                pod,
                ip,
                Integer.toString(port),
                Integer.toString(busPort),
                hostname,
                masterId,
                Long.toString(currentEpoch),
                Long.toString(epoch),
                slots,
                Long.toString(offset)));
    gossip.forEach(entry -> out.append('\n').append(entry.encode()));
    return out.toString();
  }

  static BusMessage decode(String text) {
    List<String> lines = Splitter.on('\n').splitToList(text);
    List<String> head = Splitter.on('|').splitToList(lines.get(0));
    return new BusMessage(
        Type.valueOf(head.get(0)),
        head.get(1),
        head.get(2),
        head.get(3),
        Integer.parseInt(head.get(4)),
        Integer.parseInt(head.get(5)),
        head.get(6),
        head.get(7),
        Long.parseLong(head.get(8)),
        Long.parseLong(head.get(9)),
        head.get(10),
        Long.parseLong(head.get(11)),
        lines.stream().skip(1).map(Gossip::decode).collect(ImmutableList.toImmutableList()));
  }
}
