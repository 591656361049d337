package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.app.End;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What Bitnami's image does on the node that creates the cluster: it waits until all nodes answer,
 * then runs {@code redis-cli --cluster create}: slots, epochs, every node meets the first, and when
 * all know each other, replicas follow their masters.
 */
final class ClusterCreator {

  private static final long RETRY = 5 * SECOND;
  private static final long WITHIN = 5 * SECOND;

  private final RedisServer server;
  private final List<String> names;
  private final int masters;
  private final List<Endpoint> nodes = new ArrayList<>();

  ClusterCreator(RedisServer server, List<String> names, int replicas) {
    this.server = server;
    this.names = names;
    this.masters = names.size() / (replicas + 1);
  }

  void start() {
    resolve();
  }

  private Process process() {
    return server.process();
  }

  /** redis-cli is given addresses: the names are resolved once all of them can be. */
  private void resolve() {
    nodes.clear();
    for (String name : names) {
      int colon = name.lastIndexOf(':');
      String host = colon < 0 ? name : name.substring(0, colon);
      int port = colon < 0 ? server.config().port() : Endpoint.parsePort(name.substring(colon + 1));
      List<IpAddress> found = process().resolve(host);
      if (found.isEmpty()) {
        server.encounters().failed(host, port, "no address for the name");
        process().after(RETRY, this::resolve);
        return;
      }
      server.encounters().answered(host, port);
      nodes.add(new Endpoint(found.get(0), port));
    }
    waitFor(0);
  }

  private void waitFor(int index) {
    if (index == nodes.size()) {
      assign(0);
      return;
    }
    ask(
        index,
        Resp.command("PING"),
        answer -> waitFor(index + 1),
        end -> process().after(RETRY, () -> waitFor(index)));
  }

  private void ask(int index, Resp command, Consumer<Resp> answered, Consumer<End> failed) {
    Endpoint to = nodes.get(index);
    List<Resp> commands = new ArrayList<>();
    if (!server.config().password().isEmpty()) {
      commands.add(Resp.command("AUTH", server.config().password()));
    }
    commands.add(command);
    RespCall.send(
        process(),
        to,
        WITHIN,
        commands,
        answer -> {
          server.encounters().answered(names.get(index), to.port());
          answered.accept(answer);
        },
        end -> {
          server.encounters().ended(names.get(index), to.port(), end);
          failed.accept(end);
        });
  }

  /** One step after another; a step that fails ends the work, as redis-cli ends. */
  private void step(int index, Resp command, Runnable next) {
    ask(index, command, answer -> next.run(), end -> {});
  }

  private void assign(int master) {
    if (master == masters) {
      epochs(0);
      return;
    }
    int from = (int) firstOf(master);
    int to = (int) firstOf(master + 1) - 1;
    Resp range =
        Resp.command("CLUSTER", "ADDSLOTSRANGE", Integer.toString(from), Integer.toString(to));
    step(master, range, () -> assign(master + 1));
  }

  /** redis-cli rounds half up, so that three masters have 5461, 5462 and 5461 slots. */
  private long firstOf(int master) {
    return master == masters
        ? Slots.COUNT
        : Math.round((double) Slots.COUNT * master / masters - 1) + 1;
  }

  private void epochs(int index) {
    if (index == nodes.size()) {
      meet(1);
      return;
    }
    Resp epoch = Resp.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(index + 1));
    step(index, epoch, () -> epochs(index + 1));
  }

  private void meet(int index) {
    if (index >= nodes.size()) {
      process().after(SECOND, this::waitForJoin);
      return;
    }
    Endpoint first = nodes.get(0);
    Resp meet =
        Resp.command("CLUSTER", "MEET", first.address().toString(), Integer.toString(first.port()));
    step(index, meet, () -> meet(index + 1));
  }

  /** Goes on once every node knows all of them; redis-cli prints dots until then. */
  private void waitForJoin() {
    agreed(
        0,
        all -> {
          if (all) {
            server.encounters().clearNotes();
            replicate(masters);
          } else {
            server.encounters().clearNotes();
            server.encounters().note("waits for the cluster to join");
            process().after(SECOND, this::waitForJoin);
          }
        });
  }

  private void agreed(int index, Consumer<Boolean> done) {
    if (index == nodes.size()) {
      done.accept(true);
      return;
    }
    ask(
        index,
        Resp.command("CLUSTER", "NODES"),
        answer -> {
          long known = answer.print().lines().filter(line -> !line.contains("handshake")).count();
          if (known == nodes.size()) {
            agreed(index + 1, done);
          } else {
            done.accept(false);
          }
        },
        end -> done.accept(false));
  }

  private void replicate(int index) {
    if (index >= nodes.size()) {
      return;
    }
    ask(
        masterOf(index),
        Resp.command("CLUSTER", "MYID"),
        id ->
            step(
                index,
                Resp.array(Stream.of("CLUSTER", "REPLICATE", id.print()).map(Resp::bulk).toList()),
                () -> replicate(index + 1)),
        end -> {});
  }

  /**
   * The nodes behind the masters are dealt to these in turn, beginning with the second of them: the
   * list is turned by one, lest a replica of a master be on its host (clusterManagerCommandCreate).
   */
  private int masterOf(int index) {
    int replicas = nodes.size() - masters;
    int place = (index - masters - 1 + replicas) % replicas;
    int each = nodes.size() / masters - 1;
    return place < each * masters ? place / each : (place - each * masters) % masters;
  }
}
