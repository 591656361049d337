package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

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
  private final long id;
  private final long since;
  private final Set<String> topics = new LinkedHashSet<>();
  private boolean authenticated;
  private String name = "";
  private String lastCommand = "NULL";
  private long lastAt;
  private @Nullable Channel<Resp> channel;

  /**
   * @param id as CLIENT LIST has it
   */
  ClientSession(RedisServer server, long id) {
    this.server = server;
    this.id = id;
    this.since = server.now();
    this.lastAt = since;
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
      lastCommand = commandName(words);
      lastAt = server.now();
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

  void close() {
    if (channel != null) {
      channel.close();
    }
    server.forget(this);
  }

  // ---- as CLIENT LIST has it

  /** CLIENT KILL's word: replica, pubsub or normal. */
  String kind() {
    return server.replication().replicas().isReplica(this)
        ? "replica"
        : topics.isEmpty() ? "normal" : "pubsub";
  }

  /** Subcommands are shown with their command. */
  private static String commandName(List<String> words) {
    String command = words.get(0).toLowerCase(Locale.ROOT);
    return Set.of("client", "cluster", "config").contains(command) && words.size() > 1
        ? command + "|" + words.get(1).toLowerCase(Locale.ROOT)
        : command;
  }

  /** Without what there is of buffers and memory. */
  String line() {
    String flags = kind().equals("replica") ? "S" : kind().equals("pubsub") ? "P" : "N";
    return "id=%d addr=%s laddr=%s name=%s age=%d idle=%d flags=%s db=0 sub=%d psub=0 cmd=%s user=default"
        .formatted(
            id,
            channel == null ? "" : channel.remote(),
            channel == null ? "" : channel.local(),
            name,
            (server.now() - since) / SECOND,
            (server.now() - lastAt) / SECOND,
            flags,
            topics.size(),
            lastCommand);
  }

  private Resp client(List<String> arguments) {
    String what = arguments.isEmpty() ? "" : arguments.get(0).toUpperCase(Locale.ROOT);
    if (what.equals("SETNAME") && arguments.size() == 2) {
      name = arguments.get(1);
      return Resp.ok();
    }
    if (what.equals("KILL") && arguments.size() == 3) {
      return new Resp.Int(server.kill(arguments.get(2), this));
    }
    return what.equals("LIST")
        ? Resp.bulk(server.clientLines())
        : Resp.error("ERR unknown subcommand '" + what + "'; this model does not have it");
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
      case "PSYNC", "SYNC" -> synchronise(same, arguments);
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
      server.replication().replicas().acked(this, Long.parseLong(arguments.get(1)));
      return Optional.empty();
    }
    return Optional.of(server.replication().replicas().configure(this, same, arguments));
  }

  private Optional<Resp> synchronise(Channel<Resp> same, List<String> arguments) {
    boolean disconnected =
        server.replication().masterLink().filter(link -> link.upSince().isEmpty()).isPresent();
    if (disconnected) {
      return Optional.of(Resp.error("NOMASTERLINK Can't SYNC while not connected with my master"));
    }
    String history = arguments.size() == 2 ? arguments.get(0) : "?";
    long from = arguments.size() == 2 ? Long.parseLong(arguments.get(1)) : -1;
    server.replication().replicas().synchronise(this, same, history, from);
    return Optional.empty();
  }

  // ---- commands

  private Optional<Resp> subscribe(List<String> arguments) {
    topics.addAll(arguments);
    return Optional.of(Resp.command("subscribe", String.join(" ", arguments), "1"));
  }

  private Resp simple(String name, List<String> arguments) {
    Optional<Resp> refused =
        server.cluster().flatMap(bus -> ClusterCommands.redirect(bus, name, arguments));
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
      case "ROLE" -> InfoText.role(server.replication());
      case "CLIENT" -> client(arguments);
      case "CONFIG" -> Resp.error("ERR The server is running without a config file");
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
    ReplicationConfig config = server.config().replication();
    return config.needsReplicas()
        && server.replication().replicas().within(config.minReplicasLag()) < config.minReplicas();
  }

  private Resp set(List<String> arguments) {
    if (arguments.size() < 2) {
      return Resp.error("ERR wrong number of arguments for 'set' command");
    }
    server.keys().set(arguments.get(0), arguments.get(1));
    server.replication().propagate(Resp.command("SET", arguments.get(0), arguments.get(1)));
    return Resp.ok();
  }

  /** PUBLISH reaches the subscribers of replicas too. */
  private Resp publish(List<String> arguments) {
    if (arguments.size() < 2) {
      return Resp.error("ERR wrong number of arguments for 'publish' command");
    }
    server.replication().propagate(Resp.command("PUBLISH", arguments.get(0), arguments.get(1)));
    return new Resp.Int(server.publish(arguments.get(0), arguments.get(1)));
  }

  private Resp replicaOf(List<String> arguments) {
    if (arguments.size() != 2) {
      return Resp.error("ERR wrong number of arguments for 'replicaof' command");
    }
    if (arguments.get(0).equalsIgnoreCase("no")) {
      if (!server.master()) {
        server.replication().lead();
        server.log().notice("MASTER MODE enabled (user request from '" + line() + "')");
      }
      return Resp.ok();
    }
    try {
      return follow(new RedisConfig.Address(arguments.get(0), Integer.parseInt(arguments.get(1))));
    } catch (NumberFormatException e) {
      return Resp.error("ERR Invalid master port");
    }
  }

  private Resp follow(RedisConfig.Address master) {
    if (server.replication().masterLink().filter(link -> link.leadsTo(master)).isPresent()) {
      return new Resp.Simple("OK Already connected to specified master");
    }
    server.replication().follow(master);
    server.log().notice("REPLICAOF " + master + " enabled (user request from '" + line() + "')");
    return Resp.ok();
  }
}
