package dev.sidecarsim.app.generic;

/**
 * When a program that does not serve exits; the kubelet then starts it again, later each time.
 *
 * @param afterNanos since its start
 * @param code the exit code
 */
public record GiveUp(long afterNanos, int code) {

  public GiveUp {
    if (afterNanos <= 0 || code < 0 || code > 255) {
      throw new IllegalArgumentException(
          "give-up after "
              + afterNanos
              + " ns with exit code "
              + code
              + "; give a time above 0 and a code from 0 to 255");
    }
  }
}
