package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an image's entry point makes of a container's environment and files: the id and the {@code
 * zoo.cfg}.
 *
 * <p>The variables are those of the images of Bitnami and of the official one (both {@code ZOO_}),
 * and of Confluent ({@code ZOOKEEPER_}). A {@code zoo.cfg} in a mounted ConfigMap holds alone.
 *
 * @param hostname the pod's host name, whose ordinal gives the id where nothing else does
 * @param domain the Service under whose name the pod has a DNS record, with what stands behind it
 * @param script command, arguments and mounted scripts, in which a chart computes the id
 */
record ImageSettings(
    String image,
    String hostname,
    String domain,
    String script,
    ImmutableMap<String, String> env,
    ImmutableMap<String, String> files) {

  private static final Pattern ORDINAL = Pattern.compile(".*-(\\d+)");

  /** {@code $((ORD + 1))} and {@code ${HOSTNAME##*-}+1}, as charts compute the id. */
  private static final Pattern ID_FROM_ORDINAL =
      Pattern.compile("(?:\\$?\\{?ORD\\w*\\}?|##\\*-\\})\\s*\\+\\s*(\\d+)");

  /** As cp-helm-charts has it: {@code sed "s/${HOSTNAME}\\.[^:]*:/0.0.0.0:/g"}. */
  private static final Pattern OWN_AS_WILDCARD =
      Pattern.compile(
          "\\bs([/|#,])[^\\n]*?\\$\\{?HOST(?:NAME)?\\b[^\\n]*?\\1[^\\n]*?\\b0\\.0\\.0\\.0\\b");

  private static final Pattern JAVA_PROPERTY =
      Pattern.compile("-Dzookeeper\\.((?:ssl\\.quorum|4lw)\\.[\\w.]+)=(\\S+)");

  private static final ImmutableMap<String, String> VARIABLES =
      ImmutableMap.<String, String>builder()
          .put("PORT_NUMBER", "clientPort")
          .put("CLIENT_PORT", "clientPort")
          .put("TICK_TIME", "tickTime")
          .put("INIT_LIMIT", "initLimit")
          .put("SYNC_LIMIT", "syncLimit")
          .put("MAX_CLIENT_CNXNS", "maxClientCnxns")
          .put("LISTEN_ALLIPS_ENABLED", "quorumListenOnAllIPs")
          .put("QUORUM_LISTEN_ON_ALL_IPS", "quorumListenOnAllIPs")
          .put("TLS_QUORUM_ENABLE", "sslQuorum")
          .put("4LW_COMMANDS_WHITELIST", "4lw.commands.whitelist")
          .buildOrThrow();

  /**
   * The configuration of the server.
   *
   * @throws IllegalArgumentException in one line that names the variable and its value
   */
  ZooKeeperConfig config() {
    Settings settings = new Settings();
    files.forEach(
        (path, text) -> {
          if (path.endsWith("/zoo.cfg") || path.endsWith("/zookeeper.properties")) {
            settings.readFile(path.substring(path.lastIndexOf('/') + 1), text);
          }
        });
    settings.dynamicConfigFile().ifPresent(path -> readDynamic(settings, path));
    if (settings.isEmpty()) {
      readEnvironment(settings);
      new StartOptions(script).read(settings, hostname, domain);
    }
    long id = myId();
    if (OWN_AS_WILDCARD.matcher(script).find()) {
      settings.ownHost("server." + id, "0.0.0.0");
    }
    ZooKeeperConfig.Builder config = ZooKeeperConfig.builder(id);
    config.release(ZooKeeperRelease.ofImage(image));
    logLevel().ifPresent(config::logLevel);
    return settings.configOf(id, config);
  }

  /** The servers may stand in a file of their own, which may hold nothing else. */
  private void readDynamic(Settings settings, String path) {
    String text = files.get(path);
    if (text == null) {
      throw new IllegalArgumentException(
          "zoo.cfg: dynamicConfigFile '"
              + path
              + "' is no mounted file; mount it, or write its server lines into zoo.cfg");
    }
    settings.readFile(path.substring(path.lastIndexOf('/') + 1), text);
  }

  /** Bitnami's variable, the official image's, and Confluent's. */
  private Optional<LogLevel> logLevel() {
    return Stream.of("LOG_LEVEL", "LOG4J_PROP", "LOG4J_ROOT_LOGLEVEL")
        .flatMap(suffix -> variable(suffix).stream())
        .findFirst()
        .map(entry -> named(entry.getKey(), entry.getValue(), LogLevel::of));
  }

  private void readEnvironment(Settings settings) {
    defaults(settings);
    VARIABLES.forEach(
        (suffix, key) ->
            variable(suffix)
                .ifPresent(entry -> settings.put(key, entry.getValue(), entry.getKey())));
    extra(settings);
    javaProperties(settings);
    servers(settings);
  }

  /** Bitnami's image sets other limits than the official one. */
  private void defaults(Settings settings) {
    boolean bitnami = image.contains("bitnami");
    settings.put("initLimit", bitnami ? "10" : "5", image);
    settings.put("syncLimit", bitnami ? "5" : "2", image);
    if (bitnami) {
      settings.put("4lw.commands.whitelist", "srvr, mntr", image);
    }
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

  /** Entries are {@code server.N=…}, {@code …::N}, or counted from 1. */
  private void servers(Settings settings) {
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
        settings.put("server." + entry.substring(id + 2), entry.substring(0, id), name);
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

  private Optional<Map.Entry<String, String>> variable(String suffix) {
    for (String prefix : List.of("ZOO_", "ZOOKEEPER_")) {
      String value = env.get(prefix + suffix);
      if (value != null && !value.isBlank()) {
        return Optional.of(Map.entry(prefix + suffix, value));
      }
    }
    return Optional.empty();
  }

  // ---- the id

  /** The id: a mounted myid, the chart's script, the variable, else the ordinal and one. */
  private long myId() {
    for (Map.Entry<String, String> file : files.entrySet()) {
      if (file.getKey().endsWith("/myid")) {
        return named("myid", file.getValue(), Settings::longNumber);
      }
    }
    Matcher computed = ID_FROM_ORDINAL.matcher(script);
    if (computed.find() && ordinal().isPresent()) {
      return ordinal().get() + Long.parseLong(computed.group(1));
    }
    for (String name : List.of("ZOO_SERVER_ID", "ZOO_MY_ID", "ZOOKEEPER_SERVER_ID")) {
      String value = env.get(name);
      if (value != null && !value.isBlank()) {
        return named(name, value, Settings::longNumber);
      }
    }
    return ordinal().orElse(0L) + 1;
  }

  private static <T> T named(String name, String value, Function<String, T> parser) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " " + e.getMessage(), e);
    }
  }

  private Optional<Long> ordinal() {
    Matcher matcher = ORDINAL.matcher(hostname);
    return matcher.matches() ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
  }
}
