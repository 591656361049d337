package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Witness;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The replicas of a server, as it knows them: by the address that their connection comes from,
 * unless they announce another one.
 */
final class Replicas {

  /** repl-timeout. */
  private static final long TIMEOUT = 60 * SECOND;

  /** What REPLCONF and PSYNC have said of one of them. */
  static final class Replica {
    private final Channel<Resp> channel;
    private String pod = "?";
    private int port;
    private Optional<String> announced = Optional.empty();
    private boolean online;
    private long ackedOffset;
    private long ackedAt;

    Replica(Channel<Resp> channel) {
      this.channel = channel;
    }

    IpAddress peer() {
      return channel.remote().address();
    }

    /** replicationGetSlaveName and INFO: the announced address, else getpeername. */
    String host() {
      return announced.orElseGet(() -> peer().toString());
    }

    String infoLine(int index, long now) {
      return "slave"
          + index
          + ":ip="
          + host()
          + ",port="
          + port
          + ",state=online,offset="
          + ackedOffset
          + ",lag="
          + (now - ackedAt) / SECOND;
    }
  }

  private final Process process;
  private final String pod;
  private final Map<ClientSession, Replica> all = new LinkedHashMap<>();

  Replicas(Process process, String pod) {
    this.process = process;
    this.pod = pod;
  }

  /** REPLCONF option value …; answers as the server does. */
  Resp configure(ClientSession session, Channel<Resp> channel, List<String> options) {
    Replica replica = all.computeIfAbsent(session, any -> new Replica(channel));
    for (int i = 0; i + 1 < options.size(); i += 2) {
      String value = options.get(i + 1);
      switch (options.get(i)) {
        case "listening-port" -> replica.port = Integer.parseInt(value);
        case "ip-address" -> replica.announced = Optional.of(value);
        case MasterLink.POD -> replica.pod = value;
        default -> {
          // capa: what the replica can do decides about nothing here.
        }
      }
    }
    return Resp.ok();
  }

  void acked(ClientSession session, long offset) {
    Replica replica = all.get(session);
    if (replica != null) {
      replica.ackedOffset = offset;
      replica.ackedAt = process.namespace().scheduler().now();
    }
  }

  void online(ClientSession session, Channel<Resp> channel, long offset) {
    Replica replica = all.computeIfAbsent(session, any -> new Replica(channel));
    replica.online = true;
    acked(session, offset);
    channel.limitSilence(TIMEOUT);
  }

  void forget(ClientSession session) {
    all.remove(session);
  }

  /** Replicas of a server that follows another master have to synchronise anew. */
  void dropAll() {
    List.copyOf(all.values()).forEach(replica -> replica.channel.close());
    all.clear();
  }

  void send(Resp command) {
    online().forEach(replica -> replica.channel.send(command));
  }

  ImmutableList<Replica> online() {
    return all.values().stream()
        .filter(replica -> replica.online)
        .collect(ImmutableList.toImmutableList());
  }

  /** How many have acknowledged within so many seconds (refreshGoodSlavesCount). */
  long within(int seconds) {
    long now = process.namespace().scheduler().now();
    return online().stream().filter(replica -> (now - replica.ackedAt) / SECOND <= seconds).count();
  }

  ImmutableList<Link> links(int ownPort) {
    return online().stream()
        .map(replica -> Link.accepted(replica.pod, pod, ownPort, replica.channel))
        .collect(ImmutableList.toImmutableList());
  }

  ImmutableList<Witness.BookEntry> book() {
    return online().stream()
        .map(replica -> new Witness.BookEntry(replica.pod, replica.host(), replica.port))
        .collect(ImmutableList.toImmutableList());
  }
}
