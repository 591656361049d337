package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Scheduler;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
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
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS", Locale.ROOT);

  private final ZooKeeperConfig config;
  private final Scheduler clock;
  private final Consumer<Supplier<String>> output;

  /**
   * @param output takes lines, and has them made if anybody keeps them
   */
  LogWriter(ZooKeeperConfig config, Scheduler clock, Consumer<Supplier<String>> output) {
    this.config = config;
    this.clock = clock;
    this.output = output;
  }

  /**
   * A message.
   *
   * @param place class and line of the source, such as {@code QuorumPeer@1430}; nothing behind the
   *     sign where the line is not known
   */
  void line(LogLevel level, String thread, String place, Supplier<String> text) {
    below(
        level,
        () ->
            "%s [myid:%d] - %-5s [%s:%s] - %s"
                .formatted(time(), config.myId(), level, thread, shown(place), text.get()));
  }

  /** What stands below a message, such as an exception. */
  void below(LogLevel level, Supplier<String> text) {
    if (level.compareTo(config.logLevel()) >= 0) {
      output.accept(text);
    }
  }

  private String time() {
    long now = clock.now();
    return LocalDateTime.ofEpochSecond(
            now / Durations.SECOND, (int) (now % Durations.SECOND), ZoneOffset.UTC)
        .format(TIME);
  }

  private String shown(String place) {
    boolean known =
        !place.endsWith("@")
            && config.release().version().filter(LINES_KNOWN_OF::equals).isPresent();
    return known ? place : place.substring(0, place.indexOf('@') + 1) + "?";
  }

  /** As Java shows a resolved socket address. */
  static String named(String host, Endpoint endpoint) {
    return host + "/" + endpoint;
  }
}
