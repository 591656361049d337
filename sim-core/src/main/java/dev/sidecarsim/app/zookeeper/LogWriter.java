package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Scheduler;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lines in the pattern of ZooKeeper's log4j.properties, with simulated time since 1970 in place of
 * the clock's.
 *
 * <p>Of the stack below an exception only the first line comes. The numbers of source lines are
 * those of 3.7.0; for other releases they are a question mark, as log4j prints what it does not
 * know.
 */
final class LogWriter {

  private static final String LINES_KNOWN_OF = "3.7.0";

  private final ZooKeeperConfig config;
  private final LogTime time;
  private final Consumer<Supplier<String>> output;

  /**
   * @param output takes lines, and has them made if anybody keeps them
   */
  LogWriter(ZooKeeperConfig config, Scheduler clock, Consumer<Supplier<String>> output) {
    this.config = config;
    this.time = new LogTime(clock, "yyyy-MM-dd HH:mm:ss,SSS");
    this.output = output;
  }

  /**
   * A message.
   *
   * @param place class and line of the source, such as {@code QuorumPeer@1430}; nothing behind the
   *     sign where the line is not known
   */
  void line(LogLevel level, String thread, String place, Supplier<String> text) {
    line(Long.toString(config.myId()), level, thread, place, text);
  }

  /** A message of a server that does not know its id yet. */
  void nameless(LogLevel level, String place, Supplier<String> text) {
    line("", level, "main", place, text);
  }

  private void line(String id, LogLevel level, String thread, String place, Supplier<String> text) {
    below(
        level,
        () ->
            "%s [myid:%s] - %-5s [%s:%s] - %s"
                .formatted(time, id, level, thread, shown(place), text.get()));
  }

  /**
   * Several messages of level INFO.
   *
   * @param lines the place of each, and its text
   */
  void block(String thread, String lines) {
    lines
        .lines()
        .forEach(
            line -> {
              int space = line.indexOf(' ');
              line(
                  LogLevel.INFO, thread, line.substring(0, space), () -> line.substring(space + 1));
            });
  }

  /** The last message of a process. */
  void exit(String thread, int code) {
    line(LogLevel.ERROR, thread, "ServiceUtils@42", () -> "Exiting JVM with code " + code);
  }

  /** What stands below a message, such as an exception. */
  void below(LogLevel level, Supplier<String> text) {
    if (level.compareTo(config.logLevel()) >= 0) {
      output.accept(text);
    }
  }

  private String shown(String place) {
    boolean known =
        !place.endsWith("@")
            && config.release().version().filter(LINES_KNOWN_OF::equals).isPresent();
    return known ? place : place.substring(0, place.indexOf('@') + 1) + "?";
  }

  /** As Java shows a resolved socket address; one without a name has nothing before the slash. */
  static String named(String host, Endpoint endpoint) {
    return (IpAddress.isLiteral(host) ? "" : host) + "/" + endpoint;
  }
}
