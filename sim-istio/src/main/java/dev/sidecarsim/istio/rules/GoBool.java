package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableSet;
import java.util.Optional;

/** Reads truth values as {@code strconv.ParseBool} of Go does. */
public final class GoBool {

  private static final ImmutableSet<String> TRUE =
      ImmutableSet.of("1", "t", "T", "TRUE", "true", "True");

  private static final ImmutableSet<String> FALSE =
      ImmutableSet.of("0", "f", "F", "FALSE", "false", "False");

  private GoBool() {}

  /** Empty for any other text. */
  public static Optional<Boolean> parse(String text) {
    return TRUE.contains(text) || FALSE.contains(text)
        ? Optional.of(TRUE.contains(text))
        : Optional.empty();
  }

  /** Whether a variable of the environment is true; one that cannot be read is not. */
  public static boolean isTrue(String text) {
    return TRUE.contains(text);
  }
}
