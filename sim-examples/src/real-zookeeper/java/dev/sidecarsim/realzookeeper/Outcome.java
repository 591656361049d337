package dev.sidecarsim.realzookeeper;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What srvr says of each server of an ensemble.
 *
 * @param answers by ordinal, without what counts requests and time
 */
record Outcome(List<String> answers) {

  /** The answer where no server runs. */
  static final String NOBODY = "";

  private static final Splitter LINES = Splitter.on('\n');
  private static final String MODE = "Mode: ";

  /** Lines that differ from run to run, or that tell the build and not what it does. */
  private static final List<String> PASSING =
      List.of("Zookeeper version: ", "Latency ", "Received: ", "Sent: ", "Connections: ");

  static Outcome of(List<String> srvr) {
    return new Outcome(srvr.stream().map(Outcome::lasting).toList());
  }

  private static String lasting(String answer) {
    return LINES
        .splitToStream(answer)
        .filter(line -> PASSING.stream().noneMatch(line::startsWith))
        .collect(Collectors.joining("\n"));
  }

  /** One letter a server: L leader, F follower, O observer, - not serving. */
  String roles() {
    return answers.stream().map(Outcome::role).collect(Collectors.joining());
  }

  private static String role(String answer) {
    int at = answer.indexOf(MODE) + MODE.length();
    return answer.contains(MODE) ? answer.substring(at, at + 1).toUpperCase(Locale.ROOT) : "-";
  }

  @Override
  public String toString() {
    return roles();
  }
}
