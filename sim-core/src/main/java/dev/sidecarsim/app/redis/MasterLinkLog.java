package dev.sidecarsim.app.redis;

import dev.sidecarsim.app.End;

/** What a replica logs when its link to the master ends, or does not come about. */
final class MasterLinkLog {

  private final RedisLog log;

  MasterLinkLog(RedisLog log) {
    this.log = log;
  }

  /** A link that stood is over; its place in the stream is kept. */
  void lost() {
    log.warning("Connection with master lost.");
    log.notice("Caching the disconnected master state.");
  }

  /** What connectSlave and syncWithMaster log. */
  void ended(MasterLink.Stage stage, End end) {
    switch (stage) {
      case CONNECTED -> lost();
      case SYNC -> log.warning("I/O error trying to sync with MASTER: connection lost");
      case HANDSHAKE -> {
        String errno = end.kind() == End.Kind.RESET ? "Connection reset by peer" : "Success";
        log.warning("Failed to read response from the server: " + errno);
        log.warning("Master did not respond to command during SYNC handshake");
      }
      default -> log.warning("Error condition on socket for SYNC: " + errno(end.text()));
    }
  }

  /** strerror(3) begins with a capital. */
  private static String errno(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  /** The master has answered with an error. */
  void refused(String error, boolean toPing) {
    if (toPing) {
      log.warning("Error reply to PING from master: '-" + error + "'");
    } else if (error.startsWith("WRONGPASS")) {
      log.warning("Unable to AUTH to MASTER: -" + error);
    } else {
      log.warning("MASTER aborted replication with an error: " + error);
    }
  }
}
