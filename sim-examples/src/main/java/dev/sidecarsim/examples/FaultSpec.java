package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.failure.Failure;
import dev.sidecarsim.app.failure.Harm;
import dev.sidecarsim.time.Durations;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A failure as the command line says it: {@code KIND=WHO[:HOW]@FROM[-TO]}.
 *
 * @param text what was written
 * @param from when it happens, in simulated seconds
 */
record FaultSpec(String text, Failure failure, int from) {

  private static final Pattern SYNTAX =
      Pattern.compile("([a-z-]+)=([^@:]+)(?::([^@]+))?@(\\d{1,6})(?:-(\\d{1,6}))?");

  /**
   * Reads a failure.
   *
   * @throws TypeConversionException if it is none, with one line that says what would be
   */
  static FaultSpec parse(String text) {
    Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches()) {
      throw wrong(
          text,
          "says not what happens to whom and when; write KIND=WHO@SECONDS or"
              + " KIND=WHO[:HOW]@FROM-TO, as kill=leader@60 or loss=POD:10%@60-90");
    }
    int from = Integer.parseInt(parts.group(4));
    OptionalLong until =
        parts.group(5) == null
            ? OptionalLong.empty()
            : OptionalLong.of(Durations.seconds(Integer.parseInt(parts.group(5))));
    ImmutableList<String> victims =
        ImmutableList.copyOf(Arrays.asList(parts.group(2).split("\\+", -1)));
    Harm harm =
        HarmReader.read(
            text, parts.group(1), Optional.ofNullable(parts.group(3)), until.isPresent());
    try {
      return new FaultSpec(text, new Failure(harm, victims, Durations.seconds(from), until), from);
    } catch (IllegalArgumentException e) {
      throw wrong(text, String.valueOf(e.getMessage()));
    }
  }

  static TypeConversionException wrong(String text, String why) {
    return new TypeConversionException("'" + text + "' " + why);
  }

  @Override
  public String toString() {
    return text;
  }

  /** Reads the value of {@code --fault}. */
  static final class Reader implements ITypeConverter<FaultSpec> {
    @Override
    public FaultSpec convert(String value) {
      return parse(value);
    }
  }

  /** Reads the value of {@code --kill}: whom, and when. */
  static final class KillReader implements ITypeConverter<FaultSpec> {

    private static final Pattern KILL = Pattern.compile("[^@:+]+@\\d{1,6}");

    @Override
    public FaultSpec convert(String value) {
      if (!KILL.matcher(value).matches()) {
        throw wrong(value, "says not whom and when; write leader@60 or POD@60, in seconds");
      }
      FaultSpec kill = parse("kill=" + value);
      return new FaultSpec(value, kill.failure(), kill.from());
    }
  }
}
