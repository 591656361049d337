package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A failure as the command line says it: {@code KIND=WHO[:HOW]@FROM[-TO]}.
 *
 * @param text what was written
 * @param victims {@code leader}, pods, or a node
 * @param from when it happens, in simulated seconds
 * @param to when it is over; empty if it lasts to the end, or is over at once
 */
record FaultSpec(String text, Harm harm, ImmutableList<String> victims, int from, OptionalInt to) {

  static final String LEADER = "leader";

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
    OptionalInt to =
        parts.group(5) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(parts.group(5)));
    if (to.isPresent() && to.getAsInt() <= from) {
      throw wrong(text, "ends before it begins; write the earlier second first");
    }
    ImmutableList<String> victims =
        ImmutableList.copyOf(Arrays.asList(parts.group(2).split("\\+", -1)));
    Harm harm =
        HarmReader.read(text, parts.group(1), Optional.ofNullable(parts.group(3)), to.isPresent());
    checkVictims(text, harm, victims);
    return new FaultSpec(text, harm, victims, from, to);
  }

  private static void checkVictims(String text, Harm harm, List<String> victims) {
    if (victims.contains("")) {
      throw wrong(text, "has an empty name; write leader or POD");
    }
    boolean several = harm instanceof Harm.Partition || harm instanceof Harm.OneWay;
    if (several ? victims.size() < 2 : victims.size() > 1) {
      throw wrong(
          text,
          several
              ? "has one side only; write partition=POD1+POD2@60-90 or one-way=FROM+TO@60-90"
              : "has several victims; repeat --fault for each");
    }
    if (Set.copyOf(victims).size() < victims.size()) {
      throw wrong(text, "has a pod on both sides; name two");
    }
    if (!(harm instanceof Harm.Kill) && victims.stream().anyMatch(name -> name.contains("/"))) {
      throw wrong(text, "names a container, but befalls a whole pod; leave /CONTAINER out");
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
      return new FaultSpec(value, kill.harm(), kill.victims(), kill.from(), kill.to());
    }
  }
}
