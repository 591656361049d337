package dev.sidecarsim.app;

import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Scheduler;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time in front of a log's lines: simulated time since 1970 in place of the clock's. */
public final class LogTime {

  private final Scheduler clock;
  private final DateTimeFormatter pattern;

  /**
   * @param pattern as {@link DateTimeFormatter#ofPattern(String)} takes it
   */
  public LogTime(Scheduler clock, String pattern) {
    this.clock = clock;
    this.pattern = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
  }

  /** The present time. */
  @Override
  public String toString() {
    return text(clock.now(), pattern);
  }

  /** An instant of the run, in nanoseconds, as a time of 1970. */
  public static String text(long at, DateTimeFormatter pattern) {
    return LocalDateTime.ofEpochSecond(
            at / Durations.SECOND, (int) (at % Durations.SECOND), ZoneOffset.UTC)
        .format(pattern);
  }
}
