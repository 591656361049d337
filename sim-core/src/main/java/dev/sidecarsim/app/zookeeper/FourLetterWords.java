package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableSet;
import java.util.Optional;
import java.util.function.IntSupplier;

/** What a server answers to the four-letter words, letter by letter. */
final class FourLetterWords {

  static final String VERSION =
      "3.7.0-e3704b390a6697bfdf4b0bef79e3da7a4f6bac4b, built on 2021-03-17 09:46 UTC";

  private static final String NOT_SERVING =
      "This ZooKeeper instance is not currently serving requests\n";

  /** Every word that 3.7.0 knows; bytes that are none of them begin a request. */
  private static final ImmutableSet<String> KNOWN =
      ImmutableSet.of(
          "conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "hash", "isro", "mntr", "ruok",
          "srst", "srvr", "stat", "stmk", "wchc", "wchp", "wchs");

  /** The nodes of an empty tree: /, /zookeeper, its config and quota, and the root of quotas. */
  private static final int NODES = 5;

  private final ZooKeeperServer server;
  private final IntSupplier connections;
  private long received;
  private long sent;

  FourLetterWords(ZooKeeperServer server, IntSupplier connections) {
    this.server = server;
    this.connections = connections;
  }

  /** Empty if this is no word at all. */
  Optional<String> answer(String word) {
    if (!KNOWN.contains(word)) {
      return Optional.empty();
    }
    if (!server.config().whitelist().contains("*") && !server.config().whitelist().contains(word)) {
      return Optional.of(word + " is not executed because it is not in the whitelist.\n");
    }
    received++;
    String answer = execute(word);
    sent++;
    return Optional.of(answer);
  }

  private String execute(String word) {
    return switch (word) {
      case "ruok" -> "imok";
      case "isro" -> server.serving() ? "rw" : "null";
      case "srvr" -> server.mode().map(mode -> version() + statistics(mode)).orElse(NOT_SERVING);
      case "stat" ->
          server
              .mode()
              .map(mode -> version() + "Clients:\n\n" + statistics(mode))
              .orElse(NOT_SERVING);
      case "mntr" -> server.mode().map(this::monitor).orElse(NOT_SERVING);
      default -> server.serving() ? "" : NOT_SERVING;
    };
  }

  private static String version() {
    return "Zookeeper version: " + VERSION + "\n";
  }

  private String statistics(String mode) {
    String text =
        "Latency min/avg/max: 0/0.0/0\n"
            + ("Received: " + received + "\n")
            + ("Sent: " + sent + "\n")
            + ("Connections: " + connections.getAsInt() + "\n")
            + "Outstanding: 0\n"
            + ("Zxid: 0x" + Long.toHexString(server.zxid()) + "\n")
            + ("Mode: " + mode + "\n")
            + ("Node count: " + NODES + "\n");
    return mode.equals("leader") ? text + "Proposal sizes last/min/max: -1/-1/-1\n" : text;
  }

  private String monitor(String mode) {
    return "zk_version\t"
        + VERSION
        + "\n"
        + ("zk_server_state\t" + mode + "\n")
        + ("zk_peer_state\t" + peerState(mode) + " - broadcast\n")
        + "zk_avg_latency\t0.0\nzk_min_latency\t0\nzk_max_latency\t0\n"
        + ("zk_num_alive_connections\t" + connections.getAsInt() + "\n")
        + "zk_outstanding_requests\t0\n"
        + ("zk_znode_count\t" + NODES + "\n");
  }

  private static String peerState(String mode) {
    return switch (mode) {
      case "leader" -> "leading";
      case "observer" -> "observing";
      default -> "following";
    };
  }
}
