package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code zoo.cfg} that an image's entry point writes of variables.
 *
 * <p>The images of Bitnami and the official one take {@code ZOO_}, Confluent's {@code ZOOKEEPER_}.
 */
record ImageVariables(String image, ImmutableMap<String, String> env) {

  /** What an entry point writes where no variable says otherwise. */
  private enum EntryPoint {
    /** bitnami-docker-zookeeper: libzookeeper.sh. */
    BITNAMI(
        ImmutableMap.of(
            "tickTime", "2000",
            "initLimit", "10",
            "syncLimit", "5",
            "clientPort", "2181",
            "4lw.commands.whitelist", "srvr, mntr")),
    /** zookeeper-docker: clients' ports stand in the server lines only. */
    OFFICIAL(ImmutableMap.of("tickTime", "2000", "initLimit", "5", "syncLimit", "2")),
    OFFICIAL_BEFORE_3_5(
        ImmutableMap.of(
            "tickTime", "2000", "initLimit", "5", "syncLimit", "2", "clientPort", "2181")),
    /** kafka-images: no tickTime. */
    CONFLUENT(ImmutableMap.of("initLimit", "10", "syncLimit", "5", "clientPort", "2181")),
    /** As kubernetes-zookeeper's start-zookeeper has it. */
    OTHER(
        ImmutableMap.of(
            "tickTime", "2000", "initLimit", "10", "syncLimit", "5", "clientPort", "2181"));

    private final ImmutableMap<String, String> defaults;

    EntryPoint(ImmutableMap<String, String> defaults) {
      this.defaults = defaults;
    }

    static EntryPoint of(String image) {
      if (image.contains("bitnami")) {
        return BITNAMI;
      }
      if (image.contains("cp-zookeeper")) {
        return CONFLUENT;
      }
      if (!OFFICIAL_NAME.matcher(image).matches()) {
        return OTHER;
      }
      return ZooKeeperRelease.ofImage(image).helloHasAddress() ? OFFICIAL : OFFICIAL_BEFORE_3_5;
    }
  }

  private static final Pattern OFFICIAL_NAME =
      Pattern.compile("(?:[^/]*[.:][^/]*/)?(?:(?:library|mirror)/)?zookeeper(?:[:@].*)?");

  private static final Pattern JAVA_PROPERTY = Pattern.compile("-Dzookeeper\\.([\\w.]+)=(\\S+)");

  private static final ImmutableMap<String, String> LINES =
      ImmutableMap.<String, String>builder()
          .put("PORT_NUMBER", "clientPort")
          .put("CLIENT_PORT", "clientPort")
          .put("CLIENT_PORT_ADDRESS", "clientPortAddress")
          .put("TICK_TIME", "tickTime")
          .put("INIT_LIMIT", "initLimit")
          .put("SYNC_LIMIT", "syncLimit")
          .put("MAX_CLIENT_CNXNS", "maxClientCnxns")
          .put("MAX_CNXNS", "maxCnxns")
          .put("MIN_SESSION_TIMEOUT", "minSessionTimeout")
          .put("MAX_SESSION_TIMEOUT", "maxSessionTimeout")
          .put("ELECTION_ALG", "electionAlg")
          .put("CNX_TIMEOUT", "cnxTimeout")
          .put("STANDALONE_ENABLED", "standaloneEnabled")
          .put("QUORUM_LISTEN_ON_ALL_IPS", "quorumListenOnAllIPs")
          .put("SSL_QUORUM", "sslQuorum")
          .put("SSL_QUORUM_HOSTNAME_VERIFICATION", "ssl.quorum.hostnameVerification")
          .put("4LW_COMMANDS_WHITELIST", "4lw.commands.whitelist")
          .buildOrThrow();

  /** What Bitnami's scripts take for true; the others pass on what is written. */
  private static final ImmutableMap<String, String> BITNAMI_FLAGS =
      ImmutableMap.of(
          "LISTEN_ALLIPS_ENABLED", "quorumListenOnAllIPs", "TLS_QUORUM_ENABLE", "sslQuorum");

  /** Writes the lines. */
  void read(Settings settings) {
    EntryPoint entryPoint = EntryPoint.of(image);
    entryPoint.defaults.forEach((key, value) -> settings.put(key, value, image));
    settings.put("dataDir", "/data", image);
    LINES.forEach(
        (suffix, key) ->
            variable(suffix)
                .ifPresent(entry -> settings.put(key, entry.getValue(), entry.getKey())));
    BITNAMI_FLAGS.forEach(
        (suffix, key) ->
            variable(suffix)
                .ifPresent(
                    entry ->
                        settings.put(
                            key, Boolean.toString(yes(entry.getValue())), entry.getKey())));
    extra(settings);
    javaProperties(settings);
    servers(settings, entryPoint == EntryPoint.BITNAMI ? ";" + settings.raw("clientPort") : "");
    if (entryPoint == EntryPoint.OFFICIAL && variable("SERVERS").isEmpty()) {
      settings.put("server.1", "localhost:2888:3888;2181", image);
    }
  }

  private static boolean yes(String text) {
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("yes") || text.equals("1");
  }

  /** ZOO_CFG_EXTRA of the official image: settings with spaces between them. */
  private void extra(Settings settings) {
    variable("CFG_EXTRA")
        .ifPresent(
            entry ->
                settings.readFile(
                    entry.getKey(), entry.getValue().replaceAll("\\s+(?=[\\w.]+=)", "\n")));
  }

  /** -D in the JVM's flags, which holds as a line of the file does. */
  private void javaProperties(Settings settings) {
    for (String name : List.of("JVMFLAGS", "SERVER_JVMFLAGS")) {
      Matcher property = JAVA_PROPERTY.matcher(env.getOrDefault(name, ""));
      while (property.find()) {
        settings.put(property.group(1), property.group(2), name);
      }
    }
  }

  /**
   * Entries are {@code server.N=…}, {@code …::N}, or counted from 1.
   *
   * @param client what is written behind those that have no client port
   */
  private void servers(Settings settings, String client) {
    Optional<Map.Entry<String, String>> variable = variable("SERVERS");
    if (variable.isEmpty()) {
      return;
    }
    String name = variable.get().getKey();
    long next = 1;
    for (String entry : entries(variable.get().getValue())) {
      int equals = entry.indexOf('=');
      int id = entry.lastIndexOf("::");
      if (entry.startsWith("server.") && equals > 0) {
        settings.put(entry.substring(0, equals), entry.substring(equals + 1), name);
      } else if (id > 0 && !entry.endsWith("]")) {
        String line = entry.substring(0, id);
        settings.put(
            "server." + entry.substring(id + 2), line.contains(";") ? line : line + client, name);
      } else {
        settings.put("server." + next, entry, name);
      }
      next++;
    }
  }

  /** A semicolon divides servers, unless a client port stands behind it. */
  private static List<String> entries(String value) {
    return Arrays.stream(value.split("[,\\s]+|;(?![\\d.]*:?\\d+(?:[,\\s;]|$))", -1))
        .filter(entry -> !entry.isEmpty())
        .toList();
  }

  /** A variable that is set, with its name. */
  Optional<Map.Entry<String, String>> variable(String suffix) {
    for (String prefix : List.of("ZOO_", "ZOOKEEPER_")) {
      String value = env.get(prefix + suffix);
      if (value != null && !value.isBlank()) {
        return Optional.of(Map.entry(prefix + suffix, value));
      }
    }
    return Optional.empty();
  }
}
