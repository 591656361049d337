package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A server's part in replication: whom it follows, who follows it, and the stream (replication.c).
 */
final class Replication {

  private static final long CRON = SECOND;

  /** repl-ping-replica-period, in rounds of the cron. */
  private static final int CRONS_PER_PING = 10;

  private final RedisServer server;
  private final ReplicationStream stream;
  private final Replicas replicas;
  private @Nullable MasterLink masterLink;
  private OptionalLong masterSince = OptionalLong.empty();
  private boolean continuable;
  private int crons;

  Replication(RedisServer server, Random random) {
    this.server = server;
    this.stream = new ReplicationStream(() -> Ids.next(random));
    this.replicas = new Replicas(server);
  }

  /** Begins as the configuration says; connects in the first round of the cron. */
  void start() {
    Optional<RedisConfig.Address> master = server.config().replication().master();
    masterSince = master.isPresent() ? OptionalLong.empty() : OptionalLong.of(server.now());
    masterLink =
        master.map(address -> new MasterLink(server, address, MasterLink.NEVER)).orElse(null);
    server.process().after(0, this::cron);
  }

  private void cron() {
    masterLink().ifPresent(MasterLink::cron);
    if (crons++ % CRONS_PER_PING == 0 && master() && !replicas.attached().isEmpty()) {
      propagate(Resp.command("PING"));
    }
    replicas.cron();
    server.process().after(CRON, this::cron);
  }

  ReplicationStream stream() {
    return stream;
  }

  Replicas replicas() {
    return replicas;
  }

  Optional<MasterLink> masterLink() {
    return Optional.ofNullable(masterLink);
  }

  boolean master() {
    return masterLink == null;
  }

  /** Since when it serves: as a master, or with a link to its master. */
  OptionalLong servingSince() {
    return masterLink().map(MasterLink::upSince).orElse(masterSince);
  }

  /** Whether the master can be asked to go on where the own stream ends. */
  boolean continuable() {
    return continuable;
  }

  /** The stream is whole from now on, or is not while a copy comes in. */
  void continuable(boolean whole) {
    continuable = whole;
  }

  // ---- roles

  /** REPLICAOF host port. A master's own stream may be the beginning of the new master's. */
  void follow(RedisConfig.Address master) {
    if (masterLink().filter(link -> link.leadsTo(master)).isPresent()) {
      return;
    }
    long broke = masterLink().map(MasterLink::brokeAt).orElse(MasterLink.NEVER);
    if (master()) {
      continuable = true;
      server
          .log()
          .notice(
              "Before turning into a replica, using my own master parameters to synthesize a cached"
                  + " master: I may be able to synchronize with the new master with just a partial"
                  + " transfer.");
    }
    masterSince = OptionalLong.empty();
    masterLink().ifPresent(MasterLink::stop);
    masterLink = new MasterLink(server, master, broke);
    masterLink.connect("Connecting to");
  }

  /** REPLICAOF NO ONE. */
  void lead() {
    if (masterLink == null) {
      return;
    }
    masterLink.stop();
    masterLink = null;
    String old = stream.id();
    stream.branchOff();
    server
        .log()
        .warning(
            "Setting secondary replication ID to %s, valid up to offset: %d. New replication ID is %s"
                .formatted(old, stream.olderEnd(), stream.id()));
    masterSince = OptionalLong.of(server.now());
  }

  /** A write of a master's client, or another command of the stream, goes to the replicas. */
  void propagate(Resp command) {
    if (master()) {
      pass(command);
    }
  }

  /** The next command of the stream. */
  void pass(Resp command) {
    stream.feed(command);
    replicas.send(command);
  }

  /** How long ago a replica last had its master's data (data_age). */
  long dataAge() {
    return masterLink().map(MasterLink::dataAge).orElse(0L);
  }
}
