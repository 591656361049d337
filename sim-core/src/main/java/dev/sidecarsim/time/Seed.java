package dev.sidecarsim.time;

import java.util.Random;

/**
 * The only source of chance in a run.
 *
 * <p>Each user of chance asks for a stream by name, so that a new user does not change the numbers
 * that the others draw.
 *
 * @param value what the run was started with
 */
public record Seed(long value) {

  /** The seed of a run that names none. */
  public static final Seed DEFAULT = new Seed(1);

  /**
   * The stream of numbers of one user. {@link Random} is used since its algorithm is part of its
   * specification: the same seed gives the same numbers on every Java platform.
   */
  public Random stream(String user) {
    long mixed = value;
    for (int i = 0; i < user.length(); i++) {
      mixed = mix(mixed ^ user.charAt(i));
    }
    return new Random(mix(mixed));
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014), which spreads close values. */
  private static long mix(long bits) {
    long z = bits + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
