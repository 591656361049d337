package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.net.Endpoint;
import java.util.function.Supplier;

/** What a leader logs of one learner's connection, in the words of 3.7.0 (LearnerHandler). */
final class LearnerLog {

  private final LogWriter writer;
  private final Endpoint learner;

  LearnerLog(LogWriter writer, Endpoint learner) {
    this.writer = writer;
    this.learner = learner;
  }

  private void line(LogLevel level, int number, Supplier<String> text) {
    writer.line(level, "LearnerHandler-/" + learner, "LearnerHandler@" + number, text);
  }

  void info(QuorumServer server, boolean observer) {
    line(
        LogLevel.INFO,
        506,
        () ->
            "%s sid: %d : info : %s"
                .formatted(observer ? "Observer" : "Follower", server.sid(), server));
  }

  /** The leader compares what the learner has with what it has itself, and sends what it lacks. */
  void synchronising(long sid, Database own, long learners) {
    line(
        LogLevel.INFO,
        801,
        () ->
            ("Synchronizing with Learner sid: %d maxCommittedLog=0x%x minCommittedLog=0x%x"
                    + " lastProcessedZxid=0x%x peerLastZxid=0x%x")
                .formatted(sid, own.newestKept(), own.oldestKept(), own.zxid(), learners));
    if (learners == own.zxid()) {
      line(
          LogLevel.INFO,
          846,
          () -> "Sending DIFF zxid=0x%x for peer sid: %d".formatted(learners, sid));
    } else {
      line(
          LogLevel.INFO,
          568,
          () ->
              ("Sending snapshot last zxid of peer is 0x%x, zxid of leader is 0x%x, send zxid of db"
                      + " as 0x%x, 1 concurrent snapshot sync, snapshot sync was exempt from"
                      + " throttle")
                  .formatted(learners, own.zxid(), own.zxid()));
    }
  }

  /** The connection is over, for a reason that the other side has given. */
  void lost(long sid, String exception) {
    line(LogLevel.ERROR, 715, () -> "Unexpected exception in LearnerHandler: ");
    writer.below(LogLevel.ERROR, () -> exception);
    line(LogLevel.INFO, 1155, () -> "Synchronously closing socket to learner " + sid + ".");
    line(LogLevel.WARN, 731, () -> "******* GOODBYE /" + learner + " ********");
  }
}
