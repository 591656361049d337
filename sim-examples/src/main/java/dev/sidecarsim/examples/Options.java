package dev.sidecarsim.examples;

import dev.sidecarsim.kube.PodName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How values of the library are read from the command line. */
final class Options {

  private Options() {}

  /** {@code NAME[.NAMESPACE][/CONTAINER]}. */
  static final class PodReader implements ITypeConverter<PodName> {
    @Override
    public PodName convert(String value) {
      try {
        return PodName.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** A user or a group. */
  static final class IdReader implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("\\d{1,10}") || Long.parseLong(value) > Integer.MAX_VALUE) {
        throw new TypeConversionException(
            "'" + value + "' is no id; write a number from 0 to " + Integer.MAX_VALUE);
      }
      return Integer.valueOf(value);
    }
  }

  /** Simulated seconds. */
  static final class SecondsReader implements ITypeConverter<Integer> {

    /** A day: longer runs are a mistake of units. */
    private static final int MOST = 86_400;

    @Override
    public Integer convert(String value) {
      try {
        int seconds = Integer.parseInt(value);
        if (seconds >= 0 && seconds <= MOST) {
          return seconds;
        }
      } catch (NumberFormatException e) {
        // Said below, as for numbers out of range.
      }
      throw new TypeConversionException(
          "'" + value + "' is no time; write whole seconds from 0 to " + MOST);
    }
  }
}
