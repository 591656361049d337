package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What decides of a {@code sentinel.conf}.
 *
 * @param resolveHostnames whether an address may be a name
 * @param announceHostnames whether names are told where they are known, in place of addresses
 * @param announceIp what it says of itself in place of its connection's address
 * @param announcePort what it says of itself in place of its port
 * @param password {@code requirepass}, which it gives other Sentinels too; empty for none
 * @param masters whom it watches
 */
record SentinelConfig(
    String pod,
    RedisRelease release,
    int port,
    boolean resolveHostnames,
    boolean announceHostnames,
    Optional<String> announceIp,
    Optional<Integer> announcePort,
    String password,
    ImmutableList<Monitor> masters) {

  static final int PORT = 26_379;

  /**
   * A master to watch.
   *
   * @param quorum how many Sentinels must agree that it is down
   * @param downAfterNanos silence that makes it down for one Sentinel
   * @param failoverNanos {@code failover-timeout}: half of what lies between two attempts
   * @param parallelSyncs how many replicas turn to a new master at once
   * @param known replicas that it knows of from the start
   */
  record Monitor(
      String name,
      RedisConfig.Address address,
      int quorum,
      long downAfterNanos,
      long failoverNanos,
      int parallelSyncs,
      String password,
      ImmutableList<RedisConfig.Address> known) {

    Monitor watching(RedisConfig.Address other, ImmutableList<RedisConfig.Address> replicas) {
      return new Monitor(
          name, other, quorum, downAfterNanos, failoverNanos, parallelSyncs, password, replicas);
    }
  }

  /** The same with another master, whose replicas all others are. */
  SentinelConfig watching(RedisConfig.Address master, ImmutableList<String> nodes) {
    ImmutableList<RedisConfig.Address> known =
        nodes.stream()
            .filter(host -> !host.equals(master.host()))
            .map(host -> new RedisConfig.Address(host, master.port()))
            .collect(ImmutableList.toImmutableList());
    return new SentinelConfig(
        pod,
        release,
        port,
        resolveHostnames,
        announceHostnames,
        announceIp,
        announcePort,
        password,
        masters.stream()
            .map(monitor -> monitor.watching(master, known))
            .collect(ImmutableList.toImmutableList()));
  }

  /** Variables of Bitnami's image, and the directives of a master that it makes of them. */
  private static final Map<String, String> OF_MASTER =
      Map.of(
          "REDIS_SENTINEL_DOWN_AFTER_MILLISECONDS", "down-after-milliseconds",
          "REDIS_SENTINEL_FAILOVER_TIMEOUT", "failover-timeout",
          "REDIS_SENTINEL_PARALLEL_SYNCS", "parallel-syncs");

  private static final Map<String, String> OF_SENTINEL =
      Map.of(
          "REDIS_SENTINEL_RESOLVE_HOSTNAMES", "resolve-hostnames",
          "REDIS_SENTINEL_ANNOUNCE_HOSTNAMES", "announce-hostnames",
          "REDIS_SENTINEL_ANNOUNCE_IP", "announce-ip",
          "REDIS_SENTINEL_ANNOUNCE_PORT", "announce-port");

  /**
   * Reads directives; Bitnami's image takes them from variables.
   *
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  static SentinelConfig of(ConfText conf, Setup setup) {
    Map<String, List<String>> monitors = new LinkedHashMap<>();
    Map<String, String> options = new LinkedHashMap<>();
    OF_SENTINEL.forEach(
        (variable, option) -> setup.env(variable).ifPresent(value -> options.put(option, value)));
    for (List<String> words : conf.sentinel()) {
      if (words.get(0).equals("monitor") && words.size() == 5) {
        monitors.put(words.get(1), words);
      } else if (words.size() == 3) {
        options.put(words.get(1) + " " + words.get(0), words.get(2));
      } else if (words.size() == 2) {
        options.put(words.get(0), words.get(1));
      }
    }
    if (monitors.isEmpty()) {
      fromEnvironment(setup, monitors, options);
    }
    return new SentinelConfig(
        setup.pod().name(),
        RedisRelease.of(setup.spec().image()),
        conf.number("port").orElse(setup.number("REDIS_SENTINEL_PORT", PORT)),
        yes(options, "resolve-hostnames"),
        yes(options, "announce-hostnames"),
        Optional.ofNullable(options.get("announce-ip")).filter(ip -> !ip.isEmpty()),
        Optional.ofNullable(options.get("announce-port"))
            .map(port -> number("announce-port", port))
            .filter(port -> port != 0),
        Optional.ofNullable(options.get("sentinel-pass"))
            .or(() -> conf.first("requirepass"))
            .or(() -> setup.env("REDIS_SENTINEL_PASSWORD"))
            .orElse(""),
        monitors.values().stream()
            .map(words -> monitor(words, options, setup))
            .collect(ImmutableList.toImmutableList()));
  }

  private static boolean yes(Map<String, String> options, String name) {
    return options.getOrDefault(name, "no").equals("yes");
  }

  private static void fromEnvironment(
      Setup setup, Map<String, List<String>> monitors, Map<String, String> options) {
    String name = setup.env("REDIS_MASTER_SET").orElse("mymaster");
    String host = setup.env("REDIS_MASTER_HOST").orElse("");
    if (host.isEmpty()) {
      throw new IllegalArgumentException(
          "a Sentinel has no master to watch; give 'sentinel monitor NAME HOST PORT QUORUM' in a"
              + " mounted sentinel.conf, or REDIS_MASTER_HOST");
    }
    monitors.put(
        name,
        List.of(
            "monitor",
            name,
            host,
            setup.env("REDIS_MASTER_PORT_NUMBER").orElse("6379"),
            setup.env("REDIS_SENTINEL_QUORUM").orElse("2")));
    OF_MASTER.forEach(
        (variable, option) ->
            setup.env(variable).ifPresent(value -> options.put(name + " " + option, value)));
  }

  /** Defaults of sentinel.c: 30 s, 180 s, one replica at a time. */
  private static Monitor monitor(List<String> words, Map<String, String> options, Setup setup) {
    String name = words.get(1);
    return new Monitor(
        name,
        new RedisConfig.Address(words.get(2), number("sentinel monitor", words.get(3))),
        number("sentinel monitor", words.get(4)),
        millis(number(options, name, "down-after-milliseconds", "30000")),
        millis(number(options, name, "failover-timeout", "180000")),
        number(options, name, "parallel-syncs", "1"),
        Optional.ofNullable(options.get(name + " auth-pass"))
            .or(() -> setup.env("REDIS_MASTER_PASSWORD", "REDIS_PASSWORD"))
            .orElse(""),
        ImmutableList.of());
  }

  private static int number(
      Map<String, String> options, String master, String option, String otherwise) {
    return number(option, options.getOrDefault(master + " " + option, otherwise));
  }

  private static int number(String what, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          what + ": '" + text + "' is no number; write digits only", e);
    }
  }
}
