package dev.sidecarsim.time;

/** Units of simulated time, in nanoseconds. */
public final class Durations {

  public static final long MICROSECOND = 1_000;
  public static final long MILLISECOND = 1_000_000;
  public static final long SECOND = 1_000_000_000;

  private Durations() {}

  public static long micros(long count) {
    return count * MICROSECOND;
  }

  public static long millis(long count) {
    return count * MILLISECOND;
  }

  public static long seconds(long count) {
    return count * SECOND;
  }

  /** Whole milliseconds in a time, rounded down. */
  public static long toMillis(long nanos) {
    return nanos / MILLISECOND;
  }
}
