package dev.sidecarsim.app.redis;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an image's entry point makes of a container's environment, command line and files.
 *
 * <p>The variables are those of Bitnami's images ({@code REDIS_…}). The official image takes a
 * command line, on which a mounted file may stand. Images switch {@code protected-mode} off, so it
 * is on only where a container's own settings say so.
 */
record RedisSettings(Setup setup) {

  static final int PORT = 6379;

  /** Charts write these into the server's file from a script. */
  private static final Pattern ANNOUNCED =
      Pattern.compile(
          "(?<what>replica|slave|cluster)-announce-ip\"?[\\s=]+\"?(?<value>\\$\\([^)]*\\)|[^\\s\"')]+)");

  /** Whether the container runs a Sentinel and not a server. */
  boolean sentinel() {
    List<String> words = setup.words();
    return words.contains("--sentinel")
        || words.stream()
            .anyMatch(word -> word.matches("(?s).*redis-sentinel.*|.*start-sentinel\\.sh.*"))
        || setup.spec().image().contains("redis-sentinel");
  }

  /** All directives, those of the command line last. */
  ConfText directives() {
    ConfText conf = new ConfText();
    setup
        .files()
        .forEach(
            (path, text) -> {
              if (path.endsWith(".conf") && !path.endsWith("sentinel.conf") && appliesTo(path)) {
                conf.read(setup.expand(text));
              }
            });
    conf.readOptions(serverWords());
    return conf;
  }

  /** Bitnami's charts mount the files of both roles into both. */
  private boolean appliesTo(String path) {
    boolean replica = replicaByEnvironment();
    return !(path.endsWith("/master.conf") && replica)
        && !(path.endsWith("/replica.conf") && !replica);
  }

  private boolean replicaByEnvironment() {
    return setup
        .env("REDIS_REPLICATION_MODE")
        .filter(mode -> mode.equals("slave") || mode.equals("replica"))
        .isPresent();
  }

  /** The words behind {@code redis-server}, on the command line or in {@code sh -c}. */
  private List<String> serverWords() {
    String line = String.join(" ", setup.words());
    int server = line.lastIndexOf("redis-server");
    String options = server < 0 ? line : line.substring(server);
    int end = options.indexOf('\n');
    return Splitter.onPattern("\\s+")
        .omitEmptyStrings()
        .splitToList(options.replace("\\\n", " ").substring(0, end < 0 ? options.length() : end));
  }

  /**
   * The configuration of the server.
   *
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  RedisConfig server() {
    ConfText conf = directives();
    refuseTls(conf);
    int fromEnv = setup.number("REDIS_PORT", setup.number("REDIS_PORT_NUMBER", PORT));
    Optional<ImmutableList<String>> bind = conf.all("bind");
    RedisRelease release = RedisRelease.of(setup.spec().image());
    return new RedisConfig(
        setup.pod().name(),
        release,
        conf.number("port").orElse(fromEnv),
        bind.orElse(ImmutableList.of("*")),
        bind.isPresent(),
        conf.yes("protected-mode", false),
        conf.first("requirepass").or(() -> setup.env("REDIS_PASSWORD")).orElse(""),
        ReplicationConfig.of(
            conf, replicaOf(conf), masterAuth(conf), announced(conf, "replica"), release),
        ClusterConfig.of(
            conf,
            setup.spec().image().contains("redis-cluster"),
            announced(conf, "cluster").or(this::clusterAnnounced),
            release));
  }

  /** TLS of Redis's own is not modelled, and to take it for plaintext would be a guess. */
  private void refuseTls(ConfText conf) {
    if (conf.number("tls-port").orElse(0) != 0) {
      throw notModelled("tls-port");
    }
    for (String name : List.of("tls-replication", "tls-cluster")) {
      if (conf.yes(name, false)) {
        throw notModelled(name);
      }
    }
    if (setup.yes("REDIS_TLS_ENABLED")) {
      throw notModelled("REDIS_TLS_ENABLED");
    }
  }

  private static IllegalArgumentException notModelled(String setting) {
    return new IllegalArgumentException(
        setting + ": TLS of Redis's own is not modelled; leave TLS to the mesh");
  }

  private String masterAuth(ConfText conf) {
    return conf.first("masterauth")
        .or(() -> setup.env("REDIS_MASTER_PASSWORD", "REDIS_PASSWORD"))
        .orElse("");
  }

  private Optional<RedisConfig.Address> replicaOf(ConfText conf) {
    Optional<ImmutableList<String>> line = conf.all("replicaof");
    if (line.isPresent() && line.get().size() == 2) {
      return Optional.of(
          new RedisConfig.Address(line.get().get(0), port("replicaof", line.get().get(1))));
    }
    return replicaByEnvironment()
        ? setup
            .env("REDIS_MASTER_HOST")
            .map(
                host ->
                    new RedisConfig.Address(host, setup.number("REDIS_MASTER_PORT_NUMBER", PORT)))
        : Optional.empty();
  }

  private static int port(String what, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          what + ": '" + text + "' is no port; write host and number", e);
    }
  }

  /** Bitnami's image announces an address only where addresses do not change. */
  private Optional<String> clusterAnnounced() {
    boolean dynamic = setup.env("REDIS_CLUSTER_DYNAMIC_IPS").map(v -> v.equals("yes")).orElse(true);
    return dynamic ? Optional.empty() : setup.env("REDIS_CLUSTER_ANNOUNCE_IP");
  }

  private Optional<String> announced(ConfText conf, String what) {
    Optional<String> written =
        conf.first(what + "-announce-ip")
            .or(() -> what.equals("replica") ? conf.first("slave-announce-ip") : Optional.empty());
    if (written.isPresent()) {
      return written;
    }
    Matcher script = ANNOUNCED.matcher(setup.script());
    while (script.find()) {
      if (script.group("what").replace("slave", "replica").equals(what)) {
        return Optional.of(setup.expand(script.group("value"))).filter(value -> !value.isEmpty());
      }
    }
    return Optional.empty();
  }

  /** The nodes that this container is to join to a cluster; empty if it is not its task. */
  ImmutableList<String> creates() {
    boolean creator =
        setup.yes("REDIS_CLUSTER_CREATOR")
            || (setup.script().contains("REDIS_CLUSTER_CREATOR=\"yes\"")
                && setup.pod().hostname().endsWith("-0"));
    return creator
        ? ImmutableList.copyOf(
            Splitter.onPattern("[,\\s]+")
                .omitEmptyStrings()
                .splitToList(setup.env("REDIS_NODES").orElse("")))
        : ImmutableList.of();
  }

  /** How many replicas each master of a new cluster is to have. */
  int clusterReplicas() {
    Matcher script = Pattern.compile("REDIS_CLUSTER_REPLICAS=\"?(\\d+)").matcher(setup.script());
    int fromEnv = setup.number("REDIS_CLUSTER_REPLICAS", 1);
    return script.find() ? Integer.parseInt(script.group(1)) : fromEnv;
  }

  /**
   * The configuration of the Sentinel.
   *
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  SentinelConfig sentinelConfig() {
    ConfText conf = new ConfText();
    setup
        .file(path -> path.endsWith("sentinel.conf"))
        .ifPresent(text -> conf.read(setup.expand(text)));
    new StartScript(setup).addTo(conf);
    conf.readOptions(serverWords());
    refuseTls(conf);
    return SentinelConfig.of(conf, setup);
  }
}
