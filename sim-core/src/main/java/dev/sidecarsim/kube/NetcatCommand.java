package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shell line that sends a word through netcat and looks at the answer, such as {@code echo ruok |
 * timeout 2 nc -w 2 localhost 2181 | grep imok}.
 *
 * @param sent what goes to the server; empty for {@code nc -z}, which only connects
 * @param timeoutNanos how long netcat may take, in nanoseconds
 * @param expected what the answer must contain; empty if connecting is enough
 */
record NetcatCommand(
    String sent, String host, int port, long timeoutNanos, Optional<String> expected) {

  /** Long enough for any kernel to give a connection up. */
  private static final long FOREVER = Durations.seconds(600);

  private static final String OPTIONS = "(?<options>(?:-[a-zA-Z]+(?:\\s+\\d+)?\\s+)*)";
  private static final String NETCAT =
      "(?:timeout\\s+(?:-\\S+\\s+)*(?<limit>\\d+)s?\\s+)?(?:\\S*/)?(?:nc|ncat|netcat)\\s+"
          + OPTIONS
          + "(?<host>[\\w.:-]+)\\s+(?<port>\\d+)";
  private static final Pattern PIPE =
      Pattern.compile(
          "(?<print>echo|printf)\\s+(?:-\\w+\\s+)*[\"']?(?<word>[^\"'|]*?)[\"']?\\s*\\|\\s*"
              + NETCAT
              + "(?:\\s+-\\w+)*\\s*(?:\\|\\s*grep\\s+(?:-\\w+\\s+)*(?<grep>[\"']?[^\"'|;)&]+))?");
  private static final Pattern CONNECT = Pattern.compile(NETCAT);
  private static final Pattern COMPARISON =
      Pattern.compile("\\[\\s*\"?\\$\\w+\"?\\s*==?\\s*\"?(\\w+)\"?\\s*\\]");
  private static final Pattern WAIT = Pattern.compile("-w\\s*(\\d+)");
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{(\\w+)(?::-([^}]*))?\\}|(\\w+))");

  /** Reads a command; empty if it is no line of this kind. */
  static Optional<NetcatCommand> parse(
      ImmutableList<String> command, ImmutableMap<String, String> env) {
    String script = expand(script(command), env);
    Matcher pipe = PIPE.matcher(script);
    if (pipe.find()) {
      String word = pipe.group("word") + (pipe.group("print").equals("echo") ? "\n" : "");
      return Optional.of(of(pipe, word, expected(pipe, script)));
    }
    Matcher connect = CONNECT.matcher(script);
    boolean probes = connect.find() && connect.group("options").matches(".*-\\w*z.*");
    return probes ? Optional.of(of(connect, "", Optional.empty())) : Optional.empty();
  }

  private static NetcatCommand of(Matcher found, String sent, Optional<String> expected) {
    return new NetcatCommand(
        sent, found.group("host"), Integer.parseInt(found.group("port")), timeout(found), expected);
  }

  private static long timeout(Matcher found) {
    Matcher wait = WAIT.matcher(found.group());
    long ownLimit = wait.find() ? Durations.seconds(Long.parseLong(wait.group(1))) : FOREVER;
    String limit = found.group("limit");
    return limit == null ? ownLimit : Math.min(ownLimit, Durations.seconds(Long.parseLong(limit)));
  }

  private static Optional<String> expected(Matcher pipe, String script) {
    if (pipe.group("grep") != null) {
      return Optional.of(pipe.group("grep").replaceAll("[\"']", "").strip());
    }
    Matcher comparison = COMPARISON.matcher(script);
    return comparison.find() ? Optional.of(comparison.group(1)) : Optional.empty();
  }

  /** The script of {@code sh -c SCRIPT}, else the words themselves. */
  private static String script(ImmutableList<String> command) {
    boolean shell = !command.isEmpty() && command.get(0).matches("(?:.*/)?(?:ba|da|a)?sh");
    for (int i = 1; shell && i < command.size() - 1; i++) {
      if (command.get(i).matches("-\\w*c")) {
        return command.get(i + 1);
      }
    }
    return String.join(" ", command);
  }

  private static String expand(String script, ImmutableMap<String, String> env) {
    return VARIABLE
        .matcher(script)
        .replaceAll(
            found -> {
              String name = found.group(1) == null ? found.group(3) : found.group(1);
              String known = env.get(name);
              String value = known == null ? found.group(2) : known;
              return Matcher.quoteReplacement(value == null ? found.group() : value);
            });
  }
}
