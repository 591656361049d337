package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.End;
import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.net.Endpoint;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a node logs of its start, its peers and its connections, in the words of 3.11 or 4.0 and the
 * pattern of logback.xml, with simulated time since 1970.
 *
 * <p>Numbers of source lines are a question mark, as logback prints what it does not know; of the
 * stack below an exception only the first line comes.
 */
final class CassandraLog {

  /** 4.x tells of failed connections no more often. */
  private static final long NO_SPAM = seconds(30);

  private final CassandraConfig config;
  private final LogTime time;
  private final Consumer<Supplier<String>> output;
  private long quietUntil;

  /**
   * @param output takes lines, and has them made if anybody keeps them
   */
  CassandraLog(CassandraConfig config, LogTime time, Consumer<Supplier<String>> output) {
    this.config = config;
    this.time = time;
    this.output = output;
  }

  private void line(String level, String thread, String source, Supplier<String> text) {
    output.accept(
        () -> "%-5s [%s] %s %s.java:? - %s".formatted(level, thread, time, source, text.get()));
  }

  /** A node as logs name it. */
  String name(String address) {
    return "/" + address + (config.release().namesPorts() ? ":" + config.storagePort() : "");
  }

  // ---- the start

  void listening(Endpoint local) {
    if (config.release().namesPorts()) {
      line(
          "INFO",
          "main",
          "InboundConnectionInitiator",
          () -> "Listening on address: (/" + local + "), nic: eth0, encryption: unencrypted");
    } else {
      line(
          "INFO",
          "main",
          "MessagingService",
          () -> "Starting Messaging Service on /" + local + " (eth0)");
    }
  }

  void newHostId(String id) {
    line(
        "WARN",
        "main",
        "SystemKeyspace",
        () ->
            "No host ID found, created %s (Note: This should happen exactly once per node)."
                .formatted(id));
  }

  void service(String text) {
    line("INFO", "main", "StorageService", () -> text);
  }

  void joining(String text) {
    service("JOINING: " + text);
  }

  void settling() {
    line("INFO", "main", "Gossiper", () -> "Waiting for gossip to settle...");
  }

  void settled() {
    line("INFO", "main", "Gossiper", () -> "No gossip backlog; proceeding");
  }

  void servesClients(Endpoint local) {
    line(
        "INFO",
        "main",
        config.release().namesPorts() ? "PipelineConfigurator" : "Server",
        () -> "Starting listening for CQL clients on /" + local + " (unencrypted)...");
    line("INFO", "main", "CassandraDaemon", () -> "Startup complete");
  }

  private void checker(String level, Supplier<String> text) {
    line(level, "main", "StartupClusterConnectivityChecker", text);
  }

  void waitsForPeers() {
    checker(
        "INFO",
        () ->
            "Blocking coordination until only a single peer is DOWN in the local datacenter,"
                + " timeout=10s");
  }

  void peersAreUp(long waitedNanos) {
    checker(
        "INFO",
        () ->
            "Ensured sufficient healthy connections with [datacenter1] after %d milliseconds"
                .formatted(waitedNanos / 1_000_000));
  }

  void peersAreDown(long waitedNanos, long missing) {
    checker(
        "WARN",
        () ->
            "Timed out after %d milliseconds, was waiting for remaining peers to connect: {datacenter1=%d}"
                .formatted(waitedNanos / 1_000_000, missing));
  }

  void failed(String reason) {
    line("ERROR", "main", "CassandraDaemon", () -> "Exception encountered during startup");
    output.accept(() -> "java.lang.RuntimeException: " + reason);
  }

  // ---- peers

  private void gossiper(Supplier<String> text) {
    line("INFO", "GossipStage:1", "Gossiper", text);
  }

  void joined(String address) {
    gossiper(() -> "Node " + name(address) + " is now part of the cluster");
  }

  void restarted(String address) {
    gossiper(() -> "Node " + name(address) + " has restarted, now UP");
  }

  void up(String address) {
    gossiper(() -> "InetAddress " + name(address) + " is now UP");
  }

  void down(String address) {
    String thread = config.release().namesPorts() ? "GossipStage:1" : "GossipTasks:1";
    line("INFO", thread, "Gossiper", () -> "InetAddress " + name(address) + " is now DOWN");
  }

  void fatClient(String address, long silentMillis) {
    line(
        "INFO",
        "GossipTasks:1",
        "Gossiper",
        () ->
            "FatClient %s has been silent for %dms, removing from gossip"
                .formatted(name(address), silentMillis));
  }

  void stateOf(String thread, String address, String state) {
    line(
        "INFO",
        thread,
        "StorageService",
        () -> "Node " + name(address) + " state jump to " + state);
  }

  void announcesShutdown(String own) {
    line("INFO", "StorageServiceShutdownHook", "Gossiper", () -> "Announcing shutdown");
    stateOf("StorageServiceShutdownHook", own, "shutdown");
  }

  void sameHostId(String id, String old, String owner) {
    line(
        "WARN",
        "GossipStage:1",
        "StorageService",
        () ->
            "Host ID collision for %s between %s and %s; %s is the new owner"
                .formatted(id, name(old), name(owner), name(owner)));
  }

  void otherCluster(String address, String theirs) {
    line(
        "WARN",
        "GossipStage:1",
        "GossipDigestSynVerbHandler",
        () ->
            "ClusterName mismatch from %s %s!=%s"
                .formatted(name(address), theirs, config.clusterName()));
  }

  // ---- connections

  void handshaking(String address) {
    if (!config.release().namesPorts()) {
      handshake(address, "Handshaking version with ");
    }
  }

  private void handshake(String address, String words) {
    line(
        "INFO", "HANDSHAKE-" + name(address), "OutboundTcpConnection", () -> words + name(address));
  }

  /**
   * A connection came to nothing; 3.x is silent of those that were never accepted.
   *
   * @param accepted whether somebody accepted it, be it a sidecar
   */
  void noHandshake(String own, String address, boolean accepted, End end, long now) {
    if (config.release().namesPorts() && now >= quietUntil) {
      quietUntil = now + NO_SPAM;
      line(
          "INFO",
          "Messaging-EventLoop-3-1",
          "NoSpamLogger",
          () ->
              "%s->%s-URGENT_MESSAGES-[no-channel] failed to connect"
                  .formatted(name(own), name(address)));
      output.accept(() -> exception(address, end));
    } else if (accepted && !config.release().namesPorts()) {
      handshake(address, "Cannot handshake version with ");
    }
  }

  private String exception(String address, End end) {
    return switch (end.kind()) {
      case FAILED ->
          "io.netty.channel.AbstractChannel$AnnotatedConnectException: "
              + end.text()
              + ": "
              + name(address);
      case RESET -> "java.io.IOException: Connection reset by peer";
      default -> "java.nio.channels.ClosedChannelException: null";
    };
  }

  /** A peer's connection stands; the address that it comes from is in brackets. */
  void accepted(String from, Endpoint seen, String own) {
    if (config.release().namesPorts()) {
      line(
          "INFO",
          "Messaging-EventLoop-3-2",
          "InboundConnectionInitiator",
          () ->
              "%s(/%s)->%s-URGENT_MESSAGES messaging connection established, version = 12, framing = CRC, encryption = unencrypted"
                  .formatted(name(from), seen, name(own)));
    }
  }
}
