package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.TextFrames;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The storage port: messages go out on a connection of the sender's own and never come back on it,
 * so that a conversation needs both directions. Who sends is known by the address in the handshake.
 */
final class Internode {

  /** PROTOCOL_MAGIC of MessagingService. */
  private static final TextFrames FRAMING = new TextFrames(Bytes.ofHex("ca552dfa"));

  /** The version handshake waits so long. */
  private static final long HANDSHAKE = seconds(2);

  private final Process process;
  private final CassandraConfig config;
  private final Encounters encounters;
  private final BiConsumer<String, String> received;
  private final Map<String, Outgoing> outgoing = new LinkedHashMap<>();
  private final Map<Channel<String>, String> accepted = new LinkedHashMap<>();

  /**
   * @param received is told the sender's broadcast address and each message
   */
  Internode(
      Process process,
      CassandraConfig config,
      Encounters encounters,
      BiConsumer<String, String> received) {
    this.process = process;
    this.config = config;
    this.encounters = encounters;
    this.received = received;
  }

  boolean listen(IpAddress address) {
    return process.listen(
            new Endpoint(address, config.storagePort()),
            connection -> Channel.accept(connection, FRAMING, new Incoming()))
        instanceof Bound.Listening;
  }

  /** Sends a message to a broadcast address, over a connection that is opened if there is none. */
  void send(String to, String from, String message) {
    outgoing.computeIfAbsent(to, address -> new Outgoing(address, from)).send(message);
  }

  ImmutableList<Link> links() {
    return accepted.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(
            entry ->
                Link.accepted(entry.getValue(), config.pod(), config.storagePort(), entry.getKey()))
        .collect(ImmutableList.toImmutableList());
  }

  /** First the version is asked for, then the sender says who it is; messages follow. */
  private final class Incoming implements Channel.Handler<String> {
    private String from = "";

    @Override
    public void onMessage(Channel<String> channel, String message) {
      if (message.equals("VERSION?")) {
        channel.send("VERSION 12");
      } else if (message.startsWith("FROM ")) {
        String[] words = message.split(" ", -1);
        from = words[1];
        accepted.put(channel, words[2]);
      } else {
        received.accept(from, message);
      }
    }

    @Override
    public void onEnd(Channel<String> channel, End end) {
      accepted.remove(channel);
    }
  }

  private final class Outgoing implements Channel.Handler<String> {
    private final String to;
    private final String from;
    private final Channel<String> channel;
    private final List<String> queue = new ArrayList<>();
    private boolean ready;

    Outgoing(String to, String from) {
      this.to = to;
      this.from = from;
      Endpoint endpoint = new Endpoint(IpAddress.of(to), config.storagePort());
      channel = Channel.dial(process, Dial.to(endpoint).within(HANDSHAKE), FRAMING, this);
    }

    void send(String message) {
      if (ready) {
        channel.send(message);
      } else {
        queue.add(message);
      }
    }

    @Override
    public void onOpen(Channel<String> same) {
      same.limitSilence(HANDSHAKE);
      same.send("VERSION?");
    }

    @Override
    public void onMessage(Channel<String> same, String message) {
      same.limitSilence(0);
      encounters.answered(to, config.storagePort());
      ready = true;
      same.send("FROM " + from + " " + config.pod());
      queue.forEach(same::send);
      queue.clear();
    }

    /** Cannot handshake version with /x: the next message dials anew. */
    @Override
    public void onEnd(Channel<String> same, End end) {
      encounters.ended(to, config.storagePort(), end);
      outgoing.remove(to, this);
    }
  }
}
