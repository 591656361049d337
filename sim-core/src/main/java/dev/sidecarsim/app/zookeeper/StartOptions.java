package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of {@code start-zookeeper}, the start script of the image kubernetes-zookeeper that
 * Kubernetes' tutorial uses: {@code start-zookeeper --servers=3 --election_port=3888 …}.
 *
 * <p>It names the servers by the pod's own name and domain, and counts ids from 1.
 */
record StartOptions(String script, ImmutableMap<String, String> env) {

  private static final Pattern CALL = Pattern.compile("\\bstart-zookeeper\\b");

  /** How the chart of helm/incubator tells its own script the number of servers. */
  private static final String REPLICAS = "ZK_REPLICAS";

  private static final Pattern OPTION = Pattern.compile("--(\\w+)=([\\w./]+)");
  private static final Pattern SET_AND_ORDINAL = Pattern.compile("(.*)-\\d+");

  /** Options that are lines of zoo.cfg. */
  private static final ImmutableMap<String, String> LINES =
      ImmutableMap.of(
          "client_port", "clientPort",
          "tick_time", "tickTime",
          "init_limit", "initLimit",
          "sync_limit", "syncLimit",
          "max_client_cnxns", "maxClientCnxns");

  /**
   * Adds what the call says, if the script calls it.
   *
   * @param domain what stands behind the host names of the set's pods
   */
  void read(Settings settings, String hostname, String domain) {
    if (!CALL.matcher(script).find() && !env.containsKey(REPLICAS)) {
      return;
    }
    Map<String, String> options = options();
    settings.keys().removeIf(key -> key.startsWith("server."));
    LINES.forEach(
        (option, key) -> {
          if (options.containsKey(option)) {
            settings.put(key, options.getOrDefault(option, ""), "--" + option);
          }
        });
    Matcher pod = SET_AND_ORDINAL.matcher(hostname);
    String set = pod.matches() ? pod.group(1) : hostname;
    String ports =
        ":"
            + options.getOrDefault("server_port", env.getOrDefault("ZOO_SERVER_PORT", "2888"))
            + ":"
            + options.getOrDefault("election_port", env.getOrDefault("ZOO_ELECTION_PORT", "3888"));
    for (int i = 0; i < servers(options); i++) {
      String host = set + "-" + i + (domain.isEmpty() ? "" : "." + domain);
      settings.put("server." + (i + 1), host + ports, "--servers");
    }
    if (!settings.has("clientPort")) {
      settings.put("clientPort", env.getOrDefault("ZOO_PORT", "2181"), "ZOO_PORT");
    }
  }

  private Map<String, String> options() {
    Map<String, String> options = new TreeMap<>();
    Matcher option = OPTION.matcher(script);
    while (option.find()) {
      options.put(option.group(1), option.group(2));
    }
    return options;
  }

  private int servers(Map<String, String> options) {
    String replicas = env.getOrDefault(REPLICAS, "1");
    try {
      return Settings.number(options.getOrDefault("servers", replicas));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--servers " + e.getMessage(), e);
    }
  }
}
