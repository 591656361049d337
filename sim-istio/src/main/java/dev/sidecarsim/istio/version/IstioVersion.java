package dev.sidecarsim.istio.version;

import com.google.errorprone.annotations.Immutable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of Istio 1.
 *
 * @param minor 7 to 30: the releases whose behaviour is known here
 * @param patch any; one that this library knows nothing of behaves as its minor does
 */
@Immutable
public record IstioVersion(int minor, int patch) implements Comparable<IstioVersion> {

  public static final int FIRST_MINOR = 7;
  public static final int LAST_MINOR = 30;

  private static final Pattern SYNTAX = Pattern.compile("1\\.(\\d{1,4})(?:\\.(\\d{1,4}))?");

  public IstioVersion {
    if (minor < FIRST_MINOR || minor > LAST_MINOR || patch < 0) {
      throw unknown("1." + minor + "." + patch);
    }
  }

  /**
   * Reads {@code 1.10} or {@code 1.9.5}; without a patch it is the minor's first release.
   *
   * @throws IllegalArgumentException if the text is no version from 1.7 to 1.30
   */
  public static IstioVersion of(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw unknown(text);
    }
    int minor = Integer.parseInt(matcher.group(1));
    if (minor < FIRST_MINOR || minor > LAST_MINOR) {
      throw unknown(text);
    }
    return new IstioVersion(
        minor, matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no known Istio version; known are 1."
            + FIRST_MINOR
            + " to 1."
            + LAST_MINOR
            + ", with or without a patch, such as 1.9.5");
  }

  /** Whether it is of a minor release or of a later one. */
  public boolean since(int thatMinor) {
    return minor >= thatMinor;
  }

  /** Whether it is of a minor release or of an earlier one. */
  public boolean until(int thatMinor) {
    return minor <= thatMinor;
  }

  @Override
  public int compareTo(IstioVersion that) {
    int byMinor = Integer.compare(minor, that.minor);
    return byMinor != 0 ? byMinor : Integer.compare(patch, that.patch);
  }

  @Override
  public String toString() {
    return "1." + minor + "." + patch;
  }
}
