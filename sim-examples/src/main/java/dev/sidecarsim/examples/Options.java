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
