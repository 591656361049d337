package dev.sidecarsim.realzookeeper;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The scenarios by the names that the command line gives them. */
final class Scenarios {

  private Scenarios() {}

  private static final ImmutableList<Scenario> UNIFORM =
      ImmutableList.of(
          Scenario.of("none", "zookeeper.yaml", "none"),
          Scenario.of("1.9.5", "zookeeper.yaml", "1.9.5"),
          Scenario.of("1.10.0", "zookeeper.yaml", "1.10.0"),
          Scenario.of("listen-all", "listen-all.yaml", "1.9.5"),
          Scenario.of("undeclared", "undeclared.yaml", "1.9.5"),
          Scenario.of("no-inbound", "excluded-inbound.yaml", "1.9.5"),
          Scenario.of("no-ports", "excluded.yaml", "1.9.5"));

  /** Seconds that a server is off the network: longer than any limit of the runs. */
  private static final int AWAY = 8;

  /** Letters as of mixes, and the order of the restarts. */
  private static final Pattern ROLLING = Pattern.compile("([LPN])to([LPN])([0-2]{3})");

  private static final Pattern ONE =
      Pattern.compile(
          "([LPN]{3}|[LPN]{5}|(?:self-wildcard|observers|groups)-(?:none|1\\.9\\.5|1\\.10\\.0))"
              + "((?:\\+[a-z]+\\d*)*)");

  private static final Pattern EVENT =
      Pattern.compile("\\+(kill|late|restart|cut|mute|away|apart|unheard)(\\d?)(\\d?)");

  /**
   * Scenarios of a set (short, uniform, kinds, broken-kinds, three, five, events, broken, rolling,
   * all), or mixes by their letters.
   *
   * @param names with commas between them
   */
  static List<Scenario> named(String names) {
    return Splitter.on(',').splitToStream(names).flatMap(Scenarios::set).toList();
  }

  private static Stream<Scenario> set(String name) {
    return switch (name) {
      case "short" -> Stream.concat(UNIFORM.stream().limit(3), Stream.of(Scenario.mix("LPP")));
      case "uniform" -> UNIFORM.stream();
      case "events" -> events();
      case "broken" -> broken();
      case "rolling" ->
          Stream.of("NtoP210", "LtoP210", "LtoP012", "LtoP102", "NtoL210", "PtoP210")
              .flatMap(Scenarios::one);
      case "kinds" -> kinds();
      case "broken-kinds" ->
          Stream.of("observers-none", "observers-1.10.0", "groups-none", "groups-1.10.0")
              .flatMap(kind -> Stream.of(kind + "+kill", kind + "+cut", kind + "+restart1"))
              .flatMap(Scenarios::one);
      case "three" -> mixes(3);
      case "five" -> mixes(5);
      case "all" ->
          Stream.of(
                  "uniform",
                  "kinds",
                  "broken-kinds",
                  "three",
                  "five",
                  "events",
                  "broken",
                  "rolling")
              .flatMap(Scenarios::set);
      default -> one(name);
    };
  }

  /** Other configurations, each with no sidecar and with both kinds. */
  private static Stream<Scenario> kinds() {
    return Stream.of("self-wildcard", "observers", "groups")
        .flatMap(
            kind ->
                Stream.of("none", "1.9.5", "1.10.0")
                    .map(version -> Scenario.of(kind + "-" + version, kind + ".yaml", version)));
  }

  private static Stream<Scenario> one(String name) {
    Matcher rolling = ROLLING.matcher(name);
    if (rolling.matches()) {
      char from = rolling.group(1).charAt(0);
      return Stream.of(Scenario.rolling(from, rolling.group(2).charAt(0), rolling.group(3)));
    }
    Matcher matcher = ONE.matcher(name);
    if (!matcher.matches() || !matcher.group(2).replaceAll(EVENT.pattern(), "").isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is no scenario; give short, uniform, kinds, broken-kinds, three, five, events,"
              + " broken, rolling, all, a mix as LPP, LPP+kill, LPP+late0, LPP+restart0, NNN+cut,"
              + " NNN+apart01, several as NNN+restart0+kill, a kind as groups-none+kill, or"
              + " restarts in turn as LtoP210");
    }
    Scenario scenario = base(matcher.group(1));
    Matcher event = EVENT.matcher(matcher.group(2));
    while (event.find()) {
      scenario =
          then(scenario, event.group(1), number(event.group(2), 0), number(event.group(3), 1));
    }
    return Stream.of(scenario);
  }

  private static Scenario then(Scenario mix, String event, int ordinal, int other) {
    return switch (event) {
      case "kill" -> mix.leaderKilled();
      case "late" -> mix.late(ordinal);
      case "cut" -> mix.leader("cut", Event.CUT);
      case "mute" -> mix.leader("mute", Event.MUTE);
      case "away" -> mix.cutOff(ordinal, AWAY);
      case "apart" -> mix.server("apart" + ordinal + other, ordinal, Event.apart(other));
      case "unheard" -> mix.server("unheard" + ordinal + other, ordinal, Event.unheard(other));
      default -> mix.restarted(ordinal);
    };
  }

  private static Scenario base(String name) {
    Optional<Scenario> kind = kinds().filter(one -> one.name().equals(name)).findFirst();
    return kind.orElseGet(() -> Scenario.mix(name));
  }

  private static int number(String digit, int fallback) {
    return digit.isEmpty() ? fallback : Integer.parseInt(digit);
  }

  /** Networks that break, with no sidecar and with those that call the pod's address. */
  private static Stream<Scenario> broken() {
    return Stream.of("NNN", "PPP")
        .flatMap(
            mix ->
                Stream.of(
                        "cut",
                        "mute",
                        "away0",
                        "away2",
                        "apart01",
                        "apart02",
                        "unheard02",
                        "unheard20")
                    .map(event -> mix + "+" + event))
        .flatMap(Scenarios::one);
  }

  /** Kills, late starts and restarts, with no sidecar and with both kinds. */
  private static Stream<Scenario> events() {
    return Stream.of("NNN", "PPP", "LPP", "PLP", "PPL")
        .map(Scenario::mix)
        .flatMap(
            mix ->
                Stream.of(
                    mix.leaderKilled(), mix.late(0), mix.late(1), mix.late(2), mix.restarted(1)));
  }

  /** Every mix of both kinds of sidecar. */
  private static Stream<Scenario> mixes(int servers) {
    return IntStream.range(0, 1 << servers)
        .mapToObj(
            bits ->
                IntStream.range(0, servers)
                    .mapToObj(i -> (bits >> (servers - 1 - i) & 1) == 0 ? "L" : "P")
                    .collect(Collectors.joining()))
        .map(Scenario::mix);
  }
}
