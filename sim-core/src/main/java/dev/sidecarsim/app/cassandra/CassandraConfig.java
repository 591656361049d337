package dev.sidecarsim.app.cassandra;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What decides of a {@code cassandra.yaml}.
 *
 * @param clusterName {@code cluster_name}; nodes of another one are not listened to
 * @param listenAddress where the storage port is bound: a name or an address, no wildcard
 * @param broadcastAddress what the node says of itself
 * @param rpcAddress where clients are served
 * @param tokens {@code num_tokens}
 * @param autoBootstrap whether a new node gets its data before it takes its tokens
 * @param seeds names or addresses, the own one among them on a seed
 */
record CassandraConfig(
    String pod,
    CassandraRelease release,
    Place place,
    String clusterName,
    String listenAddress,
    String broadcastAddress,
    String rpcAddress,
    int storagePort,
    int nativePort,
    int tokens,
    boolean autoBootstrap,
    ImmutableList<String> seeds,
    boolean listenOnBroadcastAddress) {

  /** What the Kubernetes tutorial's image sets if it is not told. */
  private static final int TUTORIAL_TOKENS = 32;

  private static final Pattern LINE =
      Pattern.compile("(?m)^\\s*-?\\s*(\\w+):\\s*\"?([^\"#\\n]*)\"?");

  /**
   * Reads the variables of Bitnami's and the official image, or a mounted {@code cassandra.yaml}.
   *
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  static CassandraConfig of(Setup setup) {
    Map<String, String> yaml = new LinkedHashMap<>();
    setup
        .file(path -> path.endsWith("cassandra.yaml"))
        .ifPresent(
            text -> {
              Matcher line = LINE.matcher(text);
              while (line.find()) {
                yaml.putIfAbsent(line.group(1), setup.expand(line.group(2).strip()));
              }
            });
    String own = setup.podIp().map(Object::toString).orElse(setup.pod().hostname());
    Optional<String> onInterface =
        setting(yaml, "listen_interface").map(name -> name.equals("lo") ? "127.0.0.1" : own);
    if (onInterface.isPresent() && setting(yaml, "listen_address").isPresent()) {
      throw new IllegalArgumentException(
          "Set listen_address OR listen_interface, not both; leave one of them empty");
    }
    String listen =
        onInterface
            .or(() -> setting(yaml, "listen_address"))
            .or(() -> setup.env("CASSANDRA_LISTEN_ADDRESS", "CASSANDRA_HOST"))
            .filter(value -> !value.equals("auto"))
            .orElse(own);
    String broadcast =
        setting(yaml, "broadcast_address")
            .or(() -> setup.env("CASSANDRA_BROADCAST_ADDRESS"))
            .filter(value -> !value.equals("auto"))
            .orElse(listen);
    String seeds = setting(yaml, "seeds").or(() -> setup.env("CASSANDRA_SEEDS")).orElse(broadcast);
    String image = setup.spec().image();
    CassandraRelease release = CassandraRelease.of(image);
    int tokens = CassandraRelease.tutorial(image) ? TUTORIAL_TOKENS : release.tokens();
    return new CassandraConfig(
        setup.pod().name(),
        release,
        Place.of(setup, setting(yaml, "endpoint_snitch")),
        setting(yaml, "cluster_name")
            .or(() -> setup.env("CASSANDRA_CLUSTER_NAME"))
            .orElse("Test Cluster"),
        listen,
        broadcast,
        setting(yaml, "rpc_address").or(() -> setup.env("CASSANDRA_RPC_ADDRESS")).orElse("0.0.0.0"),
        setup.number("CASSANDRA_STORAGE_PORT", number(yaml, "storage_port", 7000)),
        setup.number("CASSANDRA_CQL_PORT_NUMBER", number(yaml, "native_transport_port", 9042)),
        setup.number("CASSANDRA_NUM_TOKENS", number(yaml, "num_tokens", tokens)),
        !setting(yaml, "auto_bootstrap")
            .or(() -> setup.env("CASSANDRA_AUTO_BOOTSTRAP"))
            .equals(Optional.of("false")),
        ImmutableList.copyOf(Splitter.onPattern("[,\\s]+").omitEmptyStrings().splitToList(seeds)),
        setting(yaml, "listen_on_broadcast_address").filter(v -> v.equals("true")).isPresent()
            || setup.yes("CASSANDRA_LISTEN_ON_BROADCAST_ADDRESS"));
  }

  private static Optional<String> setting(Map<String, String> yaml, String name) {
    return Optional.ofNullable(yaml.get(name)).filter(value -> !value.isEmpty());
  }

  private static int number(Map<String, String> yaml, String name, int otherwise) {
    Optional<String> value = setting(yaml, name);
    try {
      return value.map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " '" + value.orElse("") + "' is no number; write digits only", e);
    }
  }
}
