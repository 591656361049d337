package dev.sidecarsim.realzookeeper;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.List;
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
          Scenario.of("listen-all", "listen-all.yaml", "1.9.5"));

  /**
   * Scenarios of a set (short, three, five, all), or mixes by their letters.
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
      case "three" -> mixes(3);
      case "five" -> mixes(5);
      case "all" -> Stream.of("uniform", "three", "five").flatMap(Scenarios::set);
      default -> one(name);
    };
  }

  private static Stream<Scenario> one(String name) {
    if (!name.matches("[LPN]{3}|[LPN]{5}")) {
      throw new IllegalArgumentException(
          "'" + name + "' is no scenario; give short, uniform, three, five, all or a mix as LPP");
    }
    return Stream.of(Scenario.mix(name));
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
