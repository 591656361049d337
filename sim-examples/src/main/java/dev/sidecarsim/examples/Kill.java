package dev.sidecarsim.examples;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Whose process is killed, and when.
 *
 * @param victim {@code leader}, or a pod
 * @param seconds simulated time since the start
 */
record Kill(String victim, int seconds) {

  static final String LEADER = "leader";

  private static final Pattern SYNTAX = Pattern.compile("([^@]+)@(\\d{1,6})");

  @Override
  public String toString() {
    return victim + "@" + seconds;
  }

  /** Reads an option's value. */
  static final class Reader implements ITypeConverter<Kill> {
    @Override
    public Kill convert(String value) {
      Matcher kill = SYNTAX.matcher(value);
      if (!kill.matches()) {
        throw new TypeConversionException(
            "'" + value + "' says not whom and when; write leader@60 or POD@60, in seconds");
      }
      return new Kill(kill.group(1), Integer.parseInt(kill.group(2)));
    }
  }
}
