package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.Endpoint;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server answers to the four-letter words, letter by letter.
 *
 * <p>Of {@code mntr}, {@code conf} and {@code envi} come the lines that follow from what is
 * modelled; disks, timings and the JVM are not. Words that speak of nothing else say so.
 */
final class FourLetterWords {

  private static final String NOT_SERVING =
      "This ZooKeeper instance is not currently serving requests\n";

  private static final String HASH = "hash";

  /** Every word that 3.7.0 knows; bytes that are none of them begin a request. */
  private static final ImmutableSet<String> KNOWN =
      ImmutableSet.of(
          "conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", HASH, "isro", "mntr", "ruok",
          "srst", "srvr", "stat", "stmk", "wchc", "wchp", "wchs");

  /** Those that cost a server little. */
  static final ImmutableSet<String> HARMLESS =
      KNOWN.stream()
          .filter(word -> !word.equals("wchc") && !word.equals("wchp"))
          .collect(ImmutableSet.toImmutableSet());

  /** ZooTrace's mask where nobody has set another. */
  private static final String TRACE_MASK = "306";

  private final ZooKeeperServer server;
  private final Clients clients;
  private final Watches watches;
  private OptionalLong countedSince = OptionalLong.empty();
  private long received;
  private long sent;

  FourLetterWords(ZooKeeperServer server, Clients clients, Watches watches) {
    this.server = server;
    this.clients = clients;
    this.watches = watches;
  }

  /** Empty if this is no word at all. */
  Optional<String> answer(String word, Endpoint caller) {
    if (!KNOWN.contains(word) || (word.equals(HASH) && !release().hasMetrics())) {
      return Optional.empty();
    }
    count(1, 0);
    String answer = allowed(word) ? executeFor(caller, word) : refusal(word);
    count(0, 1);
    return Optional.of(answer);
  }

  private ZooKeeperRelease release() {
    return server.config().release();
  }

  private static String refusal(String word) {
    return word + " is not executed because it is not in the whitelist.\n";
  }

  private String executeFor(Endpoint caller, String word) {
    server.log().clients().word(word, caller);
    return execute(word);
  }

  /** Counts packets; the counters belong to one period of service. */
  void count(int moreReceived, int moreSent) {
    if (!countedSince.equals(server.servingSince())) {
      countedSince = server.servingSince();
      received = 0;
      sent = 0;
    }
    received += moreReceived;
    sent += moreSent;
  }

  /** srvr is always allowed, since zkServer.sh asks it. */
  private boolean allowed(String word) {
    ImmutableSet<String> whitelist = server.config().clients().words();
    return word.equals("srvr") || whitelist.contains("*") || whitelist.contains(word);
  }

  private String execute(String word) {
    return switch (word) {
      case "ruok" -> "imok";
      case "gtmk" -> TRACE_MASK;
      case "isro" -> server.serving() ? "rw" : "null";
      // stmk waits for the mask, and hangs up without one.
      case "stmk" -> "";
      case "envi" -> "Environment:\nzookeeper.version=" + release().fullVersion() + "\n";
      case HASH -> server.serving() ? "" : NOT_SERVING.strip();
      default -> server.mode().map(mode -> serving(word, mode)).orElse(NOT_SERVING);
    };
  }

  private String serving(String word, String mode) {
    return switch (word) {
      case "srvr" -> version() + statistics(mode);
      case "stat" ->
          version()
              + "Clients:\n"
              + clients.lines(ClientConnection::brief)
              + "\n"
              + statistics(mode);
      case "cons" -> clients.lines(ClientConnection::line) + "\n";
      case "mntr" -> new MonitorText(server, counts()).text(mode);
      case "conf" -> new ConfigurationText(server.config()).text();
      case "crst" -> resetConnections();
      case "srst" -> reset();
      case "wchs" -> watches.summary() + "\n";
      case "wchc" -> watches.pathsOfSessions() + "\n";
      case "wchp" -> watches.sessionsOfPaths() + "\n";
      default -> word + " is not modelled\n";
    };
  }

  private String version() {
    return "Zookeeper version: " + release().fullVersion() + "\n";
  }

  private String statistics(String mode) {
    String text =
        ("Latency min/avg/max: " + (release().hasMetrics() ? "0/0.0/0" : "0/0/0") + "\n")
            + ("Received: " + received + "\n")
            + ("Sent: " + sent + "\n")
            + ("Connections: " + clients.count() + "\n")
            + "Outstanding: 0\n"
            + ("Zxid: 0x" + Long.toHexString(server.zxid()) + "\n")
            + ("Mode: " + mode + "\n")
            + ("Node count: " + server.tree().nodeCount() + "\n");
    return mode.equals("leader") ? text + "Proposal sizes last/min/max: -1/-1/-1\n" : text;
  }

  private String reset() {
    received = 0;
    sent = 0;
    return "Server stats reset.\n";
  }

  private String resetConnections() {
    clients.resetStatistics();
    return "Connection stats reset.\n";
  }

  private Counts counts() {
    return new Counts(received, sent, clients.count(), clients.rejected(), watches.count());
  }

  /** What a server counts of its clients. */
  record Counts(long received, long sent, long connections, long rejected, long watches) {}

  /**
   * What a leader counts.
   *
   * @param servers of the configuration that vote
   */
  record Learners(long followers, long observers, long servers) {}
}
