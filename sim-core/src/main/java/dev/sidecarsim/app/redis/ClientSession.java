package dev.sidecarsim.app.redis;

import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client of a server: redis-cli, a replica, a Sentinel. */
final class ClientSession implements Channel.Handler<Resp> {

  private static final Resp NO_AUTH = Resp.error("NOAUTH Authentication required.");
  private static final Set<String> WRITES = Set.of("SET", "DEL");

  private final RedisServer server;
  private final Set<String> topics = new LinkedHashSet<>();
  private boolean authenticated;
  private @Nullable Channel<Resp> channel;

  ClientSession(RedisServer server) {
    this.server = server;
    this.authenticated = server.config().password().isEmpty();
  }

  @Override
  public void onOpen(Channel<Resp> opened) {
    channel = opened;
  }

  @Override
  public void onMessage(Channel<Resp> same, Resp message) {
    List<String> words = message.words();
    if (!words.isEmpty()) {
      answer(same, words).ifPresent(same::send);
    }
  }

  @Override
  public void onEnd(Channel<Resp> same, End end) {
    server.forget(this);
  }

  /** Hands on what was published, if this client has subscribed to it. */
  boolean deliver(String topic, String message) {
    if (channel == null || !topics.contains(topic)) {
      return false;
    }
    channel.send(Resp.command("message", topic, message));
    return true;
  }

  private Optional<Resp> answer(Channel<Resp> same, List<String> words) {
    String name = words.get(0).toUpperCase(Locale.ROOT);
    List<String> arguments = words.subList(1, words.size());
    if (name.equals("AUTH")) {
      return Optional.of(authenticate(arguments));
    }
    if (!authenticated) {
      return Optional.of(NO_AUTH);
    }
    return switch (name) {
      case "REPLCONF" -> replconf(same, arguments);
      case "PSYNC", "SYNC" -> synchronise(same);
      case "SUBSCRIBE" -> subscribe(arguments);
      default -> Optional.of(simple(name, arguments));
    };
  }

  private Resp authenticate(List<String> arguments) {
    if (server.config().password().isEmpty()) {
      return Resp.error(
          "ERR AUTH <password> called without any password configured for the default user. Are"
              + " you sure your configuration is correct?");
    }
    authenticated =
        !arguments.isEmpty()
            && arguments.get(arguments.size() - 1).equals(server.config().password());
    return authenticated
        ? Resp.ok()
        : Resp.error("WRONGPASS invalid username-password pair or user is disabled.");
  }

  // ---- replication

  private Optional<Resp> replconf(Channel<Resp> same, List<String> arguments) {
    if (arguments.size() == 2 && arguments.get(0).equals("ACK")) {
      server.replicas().acked(this, Long.parseLong(arguments.get(1)));
      return Optional.empty();
    }
    return Optional.of(server.replicas().configure(this, same, arguments));
  }

  private Optional<Resp> synchronise(Channel<Resp> same) {
    boolean disconnected = server.masterLink().filter(link -> link.upSince().isEmpty()).isPresent();
    if (disconnected) {
      return Optional.of(Resp.error("NOMASTERLINK Can't SYNC while not connected with my master"));
    }
    same.send(
        new Resp.Simple("FULLRESYNC " + server.replicationId() + " " + server.keys().offset()));
    same.send(Resp.bulk(server.keys().dump()));
    server.replicas().online(this, same, server.keys().offset());
    return Optional.empty();
  }

  // ---- commands

  private Optional<Resp> subscribe(List<String> arguments) {
    topics.addAll(arguments);
    return Optional.of(Resp.command("subscribe", String.join(" ", arguments), "1"));
  }

  private Resp simple(String name, List<String> arguments) {
    Optional<Resp> refused =
        server.cluster().flatMap(bus -> ClusterCommands.redirect(bus.view(), name, arguments));
    if (refused.isPresent()) {
      return refused.get();
    }
    if (WRITES.contains(name) && !server.master()) {
      return Resp.error("READONLY You can't write against a read only replica.");
    }
    if (WRITES.contains(name) && tooFewReplicas()) {
      return Resp.error("NOREPLICAS Not enough good replicas to write.");
    }
    return switch (name) {
      case "PING" -> new Resp.Simple("PONG");
      case "INFO" -> Resp.bulk(InfoText.of(server, arguments));
      case "ROLE" -> Resp.bulk(server.master() ? "master" : "slave");
      case "GET" -> new Resp.Bulk(server.keys().get(arguments.get(0)));
      case "SET" -> set(arguments);
      case "PUBLISH" -> publish(arguments);
      case "REPLICAOF", "SLAVEOF" -> replicaOf(arguments);
      case "CLUSTER" ->
          server
              .cluster()
              .map(bus -> ClusterCommands.answer(bus, arguments))
              .orElseGet(() -> Resp.error("ERR This instance has cluster support disabled"));
      default -> Resp.error("ERR unknown command '" + name + "'; this model does not have it");
    };
  }

  private boolean tooFewReplicas() {
    RedisConfig config = server.config();
    return config.minReplicasLag() > 0
        && server.replicas().within(config.minReplicasLag()) < config.minReplicas();
  }

  private Resp set(List<String> arguments) {
    if (arguments.size() < 2) {
      return Resp.error("ERR wrong number of arguments for 'set' command");
    }
    server.keys().set(arguments.get(0), arguments.get(1));
    server.propagate(Resp.command("SET", arguments.get(0), arguments.get(1)));
    return Resp.ok();
  }

  /** PUBLISH reaches the subscribers of replicas too. */
  private Resp publish(List<String> arguments) {
    if (arguments.size() < 2) {
      return Resp.error("ERR wrong number of arguments for 'publish' command");
    }
    server.propagate(Resp.command("PUBLISH", arguments.get(0), arguments.get(1)));
    return new Resp.Int(server.publish(arguments.get(0), arguments.get(1)));
  }

  private Resp replicaOf(List<String> arguments) {
    if (arguments.size() != 2) {
      return Resp.error("ERR wrong number of arguments for 'replicaof' command");
    }
    if (arguments.get(0).equalsIgnoreCase("no")) {
      server.becomeMaster();
      return Resp.ok();
    }
    try {
      server.replicateFrom(
          new RedisConfig.Address(arguments.get(0), Integer.parseInt(arguments.get(1))));
      return Resp.ok();
    } catch (NumberFormatException e) {
      return Resp.error("ERR Invalid master port");
    }
  }
}
