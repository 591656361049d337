package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableMap;
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
 * <p>A {@code zoo.cfg} in a mounted ConfigMap holds alone.
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
            settings.readFile(nameOf(path), text);
          }
        });
    if (settings.isEmpty()) {
      new ImageVariables(image, env).read(settings);
      new StartOptions(script, env).read(settings, hostname, domain);
    } else if (!settings.has("dataDir")) {
      throw Refusal.argument("zoo.cfg has no dataDir line; give one", "dataDir is not set");
    }
    Settings members = settings.text("dynamicConfigFile").map(this::dynamic).orElse(settings);
    long id = myId();
    if (OWN_AS_WILDCARD.matcher(script).find()) {
      members.ownHost("server." + id, "0.0.0.0");
    }
    ZooKeeperRelease release = ZooKeeperRelease.ofImage(image);
    ZooKeeperConfig.Builder config = ZooKeeperConfig.builder(id).release(release);
    logLevel().ifPresent(config::logLevel);
    return new ZooCfg(settings, members, release).configOf(id, config);
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The servers may stand in a file of their own. */
  private Settings dynamic(String path) {
    String text = files.get(path);
    if (text == null) {
      throw Refusal.config(
          "zoo.cfg: dynamicConfigFile '"
              + path
              + "' is no mounted file; mount it, or write its server lines into zoo.cfg",
          "Error processing " + path);
    }
    Settings members = new Settings();
    members.readFile(nameOf(path), text);
    return members;
  }

  /** Bitnami's variable, the official image's, and Confluent's. */
  private Optional<LogLevel> logLevel() {
    return Stream.of("LOG_LEVEL", "LOG4J_PROP", "LOG4J_ROOT_LOGLEVEL")
        .flatMap(suffix -> new ImageVariables(image, env).variable(suffix).stream())
        .findFirst()
        .map(entry -> named(entry.getKey(), entry.getValue(), LogLevel::of));
  }

  // ---- the id

  /** The id: a mounted myid, the chart's script, the variable, else the ordinal and one. */
  private long myId() {
    for (Map.Entry<String, String> file : files.entrySet()) {
      if (file.getKey().endsWith("/myid")) {
        return named("myid", file.getValue().lines().findFirst().orElse(""), ImageSettings::id);
      }
    }
    Matcher computed = ID_FROM_ORDINAL.matcher(script);
    if (computed.find() && ordinal().isPresent()) {
      return ordinal().get() + Long.parseLong(computed.group(1));
    }
    for (String name : List.of("ZOO_SERVER_ID", "ZOO_MY_ID", "ZOOKEEPER_SERVER_ID")) {
      String value = env.get(name);
      if (value != null && !value.isBlank()) {
        return named(name, value, ImageSettings::id);
      }
    }
    return ordinal().orElse(0L) + 1;
  }

  /** As QuorumPeerConfig reads the file myid. */
  private static long id(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Refusal.argument(
          "'" + text + "' is no number", "serverid " + text + " is not a number");
    }
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
