package dev.sidecarsim.app.nifi;

import dev.sidecarsim.app.LogTime;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lines of nifi-app.log, which the image's start script follows, in the pattern of NiFi's
 * logback.xml, with simulated time since 1970. What ZooKeeper's client logs is switched off there.
 * Left out are the lines that say how long in bytes a message was.
 */
final class NifiLog {

  /** Loggers, shortened to 40 letters as the pattern has it. */
  enum Logger {
    FLOW_CONTROLLER("o.apache.nifi.controller.FlowController"),
    FLOW_SERVICE("o.a.nifi.controller.StandardFlowService"),
    ELECTION("o.a.n.c.l.e.CuratorLeaderElectionManager"),
    COORDINATOR("o.a.n.c.c.node.NodeClusterCoordinator"),
    MONITOR("o.a.n.c.c.h.AbstractHeartbeatMonitor"),
    HEARTBEATER("o.a.n.c.c.ClusterProtocolHeartbeater"),
    FLOW_ELECTION("o.a.n.c.c.flow.PopularVoteFlowElection"),
    WEB("org.apache.nifi.web.server.JettyServer");

    private final String shown;

    Logger(String shown) {
      this.shown = shown;
    }
  }

  private final LogTime time;
  private final Consumer<Supplier<String>> output;

  /**
   * @param output takes lines, and has them made if anybody keeps them
   */
  NifiLog(LogTime time, Consumer<Supplier<String>> output) {
    this.time = time;
    this.output = output;
  }

  void info(Logger logger, String thread, String text) {
    line("INFO", logger, thread, text);
  }

  void warn(Logger logger, String thread, String text) {
    line("WARN", logger, thread, text);
  }

  private void line(String level, Logger logger, String thread, String text) {
    output.accept(() -> "%s %s [%s] %s %s".formatted(time, level, thread, logger.shown, text));
  }

  /** The time as lines and messages have it. */
  String time() {
    return time.toString();
  }
}
