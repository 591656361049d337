package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The lines of a {@code zoo.cfg}, as key and value, whoever wrote them. */
final class Settings {

  private final Map<String, String> values = new TreeMap<>();

  /** Where a value came from, for messages: {@code ZOO_TICK_TIME} or {@code zoo.cfg: tickTime}. */
  private final Map<String, String> origins = new TreeMap<>();

  void put(String key, String value, String origin) {
    values.put(key, value.strip());
    origins.put(key, origin);
  }

  /** Reads lines such as {@code tickTime=2000}; comments and empty lines pass. */
  void readFile(String name, String text) {
    for (String line : text.split("\n", -1)) {
      String stripped = line.strip();
      int equals = stripped.indexOf('=');
      if (equals > 0 && !stripped.startsWith("#")) {
        String key = stripped.substring(0, equals).strip();
        put(key, stripped.substring(equals + 1), name + ": " + key);
      }
    }
  }

  /** Puts another host in a server line, if there is such a line. */
  void ownHost(String key, String host) {
    values.computeIfPresent(key, (same, line) -> line.replaceFirst("^(?:\\[[^]]*]|[^:]*)", host));
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  Optional<String> dynamicConfigFile() {
    return Optional.ofNullable(values.get("dynamicConfigFile"));
  }

  /**
   * The configuration of the server with this id.
   *
   * @param config holds what no zoo.cfg tells
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  ZooKeeperConfig configOf(long myId, ZooKeeperConfig.Builder config) {
    number("electionAlg", Settings::checkElection);
    number("tickTime", config::tickMillis);
    number("initLimit", config::initLimit);
    number("syncLimit", config::syncLimit);
    number("maxClientCnxns", config::maxClientCnxns);
    text("quorumListenOnAllIPs", value -> config.listenOnAllIps(truth(value)));
    text("4lw.commands.whitelist", value -> config.whitelist(words(value)));
    config.checksCallers(checksCallers());
    client(config, myId);
    values.keySet().stream()
        .filter(key -> key.startsWith("server."))
        .forEach(key -> config.server(server(key)));
    config.hierarchy(groups(), weights());
    return config.build();
  }

  /** As QuorumPeerConfig refuses it from 3.6 on. */
  private static void checkElection(int algorithm) {
    if (algorithm != 3) {
      throw new IllegalArgumentException(
          "electionAlg " + algorithm + " is not supported; leave it out, or write 3");
    }
  }

  /** By X509Util's defaults: both ends of a quorum connection look at the other's address. */
  private boolean checksCallers() {
    return truth(values.getOrDefault("sslQuorum", "false"))
        && truth(values.getOrDefault("ssl.quorum.hostnameVerification", "true"))
        && truth(values.getOrDefault("ssl.quorum.clientHostnameVerification", "true"));
  }

  private QuorumServer server(String key) {
    return checked(key, value -> ServerLine.parse(sid(key), value));
  }

  /** The own server line's client address holds before clientPort and clientPortAddress. */
  private void client(ZooKeeperConfig.Builder config, long myId) {
    String host = values.getOrDefault("clientPortAddress", "0.0.0.0");
    int port = values.containsKey("clientPort") ? checked("clientPort", Settings::number) : 2181;
    Optional<String> own =
        values.containsKey("server." + myId) ? server("server." + myId).client() : Optional.empty();
    if (own.isPresent()) {
      int colon = own.get().lastIndexOf(':');
      host = colon < 0 ? host : own.get().substring(0, colon).replaceAll("[\\[\\]]", "");
      String text = own.get().substring(colon + 1);
      port = checked("server." + myId, any -> number(text));
    }
    config.client(host, port);
  }

  private ImmutableMap<Long, Long> groups() {
    Map<Long, Long> groups = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith("group.")) {
            for (String sid : value.split(":", -1)) {
              long voter = checked(key, any -> longNumber(sid));
              if (groups.put(voter, sid(key)) != null) {
                throw new IllegalArgumentException("server " + voter + " is in several groups");
              }
            }
          }
        });
    return ImmutableMap.copyOf(groups);
  }

  private ImmutableMap<Long, Long> weights() {
    Map<Long, Long> weights = new TreeMap<>();
    values.keySet().stream()
        .filter(key -> key.startsWith("weight."))
        .forEach(key -> weights.put(sid(key), checked(key, Settings::longNumber)));
    return ImmutableMap.copyOf(weights);
  }

  private long sid(String key) {
    return checked(key, any -> longNumber(key.substring(key.indexOf('.') + 1)));
  }

  private void number(String key, Consumer<Integer> setter) {
    if (values.containsKey(key)) {
      setter.accept(checked(key, Settings::number));
    }
  }

  private void text(String key, Consumer<String> setter) {
    if (values.containsKey(key)) {
      setter.accept(values.get(key));
    }
  }

  private <T> T checked(String key, Function<String, T> parser) {
    try {
      return parser.apply(values.getOrDefault(key, ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(origins.getOrDefault(key, key) + " " + e.getMessage(), e);
    }
  }

  static int number(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number", e);
    }
  }

  static long longNumber(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number", e);
    }
  }

  static boolean truth(String text) {
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("yes") || text.equals("1");
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[,\\s]+", -1)).filter(word -> !word.isEmpty()).toList();
  }
}
