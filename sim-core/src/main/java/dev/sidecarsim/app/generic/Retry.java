package dev.sidecarsim.app.generic;

import dev.sidecarsim.time.Durations;

/**
 * When something that failed is tried again.
 *
 * @param firstNanos the first pause
 * @param longestNanos pauses double up to this; the same as the first for a fixed pause
 */
public record Retry(long firstNanos, long longestNanos) {

  public Retry {
    if (firstNanos <= 0 || longestNanos < firstNanos) {
      throw new IllegalArgumentException(
          "a retry after "
              + firstNanos
              + " ns, at most "
              + longestNanos
              + " ns, is none; give a first pause above 0 and a longest that is not shorter");
    }
  }

  /** A fixed pause in seconds. */
  public static Retry every(int seconds) {
    return new Retry(Durations.seconds(seconds), Durations.seconds(seconds));
  }

  /** The pause behind one of this length. */
  public long after(long pause) {
    return Math.min(2 * pause, longestNanos);
  }
}
