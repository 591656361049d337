package dev.sidecarsim.app.nifi;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What decides of a {@code nifi.properties}.
 *
 * @param webHost where the web port is bound, and where other nodes are told to find it
 * @param interfaces network interfaces to bind the web port to in place of the host
 * @param protocolPort {@code nifi.cluster.node.protocol.port}, on every address
 * @param zooKeeper {@code nifi.zookeeper.connect.string}
 * @param electionCandidates nodes that end the flow election early
 * @param electionSeconds how long the flow election lasts at most
 */
record NifiConfig(
    String pod,
    String webHost,
    ImmutableList<String> interfaces,
    int webPort,
    int protocolPort,
    ImmutableList<String> zooKeeper,
    OptionalInt electionCandidates,
    int electionSeconds) {

  private static final Pattern SPAN = Pattern.compile("(\\d+)\\s*(sec|min|hour).*");

  /**
   * Reads the variables of the Apache image, or a mounted {@code nifi.properties}.
   *
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  static NifiConfig of(Setup setup) {
    Map<String, String> properties = new LinkedHashMap<>();
    setup
        .file(path -> path.endsWith("nifi.properties"))
        .ifPresent(
            text ->
                Splitter.on('\n')
                    .split(text)
                    .forEach(
                        line -> {
                          int equals = line.indexOf('=');
                          if (equals > 0 && !line.startsWith("#")) {
                            properties.put(
                                line.substring(0, equals).strip(),
                                setup.expand(line.substring(equals + 1).strip()));
                          }
                        }));
    boolean secure = value(properties, "nifi.web.https.port").isPresent();
    String web = secure ? "nifi.web.https." : "nifi.web.http.";
    return new NifiConfig(
        setup.pod().name(),
        value(properties, web + "host")
            .or(() -> setup.env("NIFI_WEB_HTTP_HOST", "NIFI_WEB_HTTPS_HOST"))
            .orElse(setup.pod().hostname()),
        properties.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(web + "network.interface."))
            .map(Map.Entry::getValue)
            .filter(name -> !name.isEmpty())
            .collect(ImmutableList.toImmutableList()),
        number(
            value(properties, web + "port")
                .or(() -> setup.env("NIFI_WEB_HTTP_PORT", "NIFI_WEB_HTTPS_PORT"))
                .orElse("8080")),
        number(
            value(properties, "nifi.cluster.node.protocol.port")
                .or(() -> setup.env("NIFI_CLUSTER_NODE_PROTOCOL_PORT"))
                .orElse("11443")),
        list(
            value(properties, "nifi.zookeeper.connect.string")
                .or(() -> setup.env("NIFI_ZK_CONNECT_STRING"))
                .orElse("")),
        candidates(
            value(properties, "nifi.cluster.flow.election.max.candidates")
                .or(() -> setup.env("NIFI_ELECTION_MAX_CANDIDATES"))),
        seconds(
            value(properties, "nifi.cluster.flow.election.max.wait.time")
                .or(() -> setup.env("NIFI_ELECTION_MAX_WAIT"))
                .orElse("5 mins")));
  }

  private static Optional<String> value(Map<String, String> properties, String name) {
    return Optional.ofNullable(properties.get(name)).filter(text -> !text.isEmpty());
  }

  private static ImmutableList<String> list(String text) {
    return ImmutableList.copyOf(
        Splitter.on(',').trimResults().omitEmptyStrings().splitToList(text));
  }

  private static OptionalInt candidates(Optional<String> text) {
    return text.isPresent() ? OptionalInt.of(number(text.get())) : OptionalInt.empty();
  }

  static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number; write digits only", e);
    }
  }

  private static int seconds(String text) {
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no time; write it as 5 mins or 30 secs");
    }
    int count = number(span.group(1));
    return switch (span.group(2)) {
      case "sec" -> count;
      case "min" -> 60 * count;
      default -> 3600 * count;
    };
  }
}
