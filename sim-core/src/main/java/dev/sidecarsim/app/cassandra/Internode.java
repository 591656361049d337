package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.millis;
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

  /** OPEN_RETRY_DELAY. */
  private static final long RETRY = millis(100);

  /** A message that waits for a connection is dropped after so long: rpc_timeout. */
  private static final long PATIENCE = seconds(10);

  private final Process process;
  private final CassandraConfig config;
  private final CassandraLog log;
  private final Encounters encounters;
  private final IpAddress local;
  private final String own;
  private final BiConsumer<String, String> received;
  private final Map<String, Outgoing> outgoing = new LinkedHashMap<>();
  private final Map<Channel<String>, String> accepted = new LinkedHashMap<>();

  /**
   * @param local the listen address
   * @param own the broadcast address, by which this node is known
   * @param received is told the sender's broadcast address and each message
   */
  Internode(
      Process process,
      CassandraConfig config,
      CassandraLog log,
      Encounters encounters,
      IpAddress local,
      String own,
      BiConsumer<String, String> received) {
    this.process = process;
    this.config = config;
    this.log = log;
    this.encounters = encounters;
    this.local = local;
    this.own = own;
    this.received = received;
  }

  boolean listen(IpAddress address) {
    Endpoint endpoint = new Endpoint(address, config.storagePort());
    boolean bound =
        process.listen(endpoint, connection -> Channel.accept(connection, FRAMING, new Incoming()))
            instanceof Bound.Listening;
    if (bound) {
      log.listening(endpoint);
    }
    return bound;
  }

  /** Sends a message to a broadcast address, over a connection that is opened if there is none. */
  void send(String to, String message) {
    outgoing.computeIfAbsent(to, Outgoing::new).send(message);
  }

  /** Closes the connection to a node that was found dead: the next message dials anew. */
  void reset(String to) {
    Outgoing connection = outgoing.remove(to);
    if (connection != null) {
      connection.stop();
    }
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
        log.accepted(from, channel.remote(), own);
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
    private final List<String> queue = new ArrayList<>();
    private final long since = process.namespace().scheduler().now();
    private Channel<String> channel;
    private boolean open;
    private boolean ready;

    Outgoing(String to) {
      this.to = to;
      this.channel = dial();
    }

    private Channel<String> dial() {
      Dial dial =
          Dial.to(new Endpoint(IpAddress.of(to), config.storagePort()))
              .within(config.release().connectNanos());
      return Channel.dial(
          process, config.release().bindsOutgoing() ? dial.from(local) : dial, FRAMING, this);
    }

    void send(String message) {
      if (ready) {
        channel.send(message);
      } else {
        queue.add(message);
      }
    }

    void stop() {
      channel.close();
    }

    @Override
    public void onOpen(Channel<String> same) {
      open = true;
      log.handshaking(to);
      same.limitSilence(config.release().handshakeNanos());
      same.send("VERSION?");
    }

    @Override
    public void onMessage(Channel<String> same, String message) {
      same.limitSilence(0);
      encounters.answered(to, config.storagePort());
      ready = true;
      same.send("FROM " + own + " " + config.pod());
      queue.forEach(same::send);
      queue.clear();
    }

    /** Tries again as long as a message waits; the next one begins anew. */
    @Override
    public void onEnd(Channel<String> same, End end) {
      encounters.ended(to, config.storagePort(), end);
      long now = process.namespace().scheduler().now();
      if (!ready) {
        log.noHandshake(own, to, open, end, now);
      }
      open = false;
      if (ready || now - since >= PATIENCE) {
        outgoing.remove(to, this);
      } else {
        process.after(RETRY, this::redial);
      }
    }

    private void redial() {
      if (outgoing.get(to) == this) {
        channel = dial();
      }
    }
  }
}
