package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Setup;
import java.util.Optional;

/**
 * What decides of an {@code elasticsearch.yml}.
 *
 * @param clusterName {@code cluster.name}; nodes of other clusters are not talked to
 * @param node {@code node.name}
 * @param bindHosts where the transport port is bound: addresses, names, {@code _local_} or {@code
 *     _site_}
 * @param httpHosts where the HTTP port is bound; the same words
 * @param publishHosts of which other nodes are told the best address; the same words
 * @param seeds {@code discovery.seed_hosts}
 * @param initialMasters {@code cluster.initial_master_nodes}, or the node alone where it is to be a
 *     cluster of its own
 * @param singleNode {@code discovery.type: single-node}
 * @param unconfigured whether nothing says whom to discover: only a node on loopback starts then
 * @param publishPort at which other nodes are told to find it
 * @param transportFilter whom the transport port lets in
 */
record ElasticsearchConfig(
    String pod,
    String clusterName,
    String node,
    ImmutableList<String> bindHosts,
    ImmutableList<String> httpHosts,
    ImmutableList<String> publishHosts,
    int transportPort,
    int publishPort,
    int httpPort,
    NodeRoles roles,
    ImmutableList<String> seeds,
    ImmutableList<String> initialMasters,
    boolean singleNode,
    boolean unconfigured,
    PeerFilter transportFilter,
    PeerFilter httpFilter,
    Release release) {

  /**
   * The roles of a node that is told none (7.9 and later name them; letters as _cat/nodes has
   * them).
   */
  private static final ImmutableList<String> ALL_ROLES =
      ImmutableList.of("data", "ingest", "master", "ml", "remote_cluster_client", "transform");

  /**
   * Reads settings as the official image takes them from variables with dots, Bitnami's variables,
   * and a mounted {@code elasticsearch.yml}.
   *
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  static ElasticsearchConfig of(Setup setup) {
    ElasticsearchSettings settings = new ElasticsearchSettings(setup);
    boolean bitnami = setup.spec().image().contains("bitnami");
    String host =
        settings
            .or("ELASTICSEARCH_BIND_ADDRESS", "network.host")
            .orElse(bitnami ? "0.0.0.0" : "_local_");
    String node =
        settings.or("ELASTICSEARCH_NODE_NAME", "node.name").orElse(setup.pod().hostname());
    boolean single =
        settings.first("discovery.type").filter(type -> type.equals("single-node")).isPresent();
    Optional<String> seeds = settings.or("ELASTICSEARCH_CLUSTER_HOSTS", "discovery.seed_hosts");
    Optional<String> masters =
        settings.or("ELASTICSEARCH_CLUSTER_MASTER_HOSTS", "cluster.initial_master_nodes");
    boolean configured =
        seeds.isPresent()
            || masters.isPresent()
            || settings.has("discovery.seed_hosts")
            || settings.has("discovery.seed_providers")
            || settings.has("cluster.initial_master_nodes");
    int transportPort =
        port(
            settings.or("ELASTICSEARCH_NODE_PORT_NUMBER", "transport.port", "transport.tcp.port"),
            9300);
    return new ElasticsearchConfig(
        setup.pod().name(),
        settings.or("ELASTICSEARCH_CLUSTER_NAME", "cluster.name").orElse("elasticsearch"),
        node,
        hosts(settings, host, "transport.bind_host", "transport.host", "network.bind_host"),
        hosts(settings, host, "http.bind_host", "http.host", "network.bind_host"),
        ElasticsearchSettings.list(
            settings
                .or(
                    "ELASTICSEARCH_ADVERTISED_HOSTNAME",
                    "transport.publish_host",
                    "transport.host",
                    "network.publish_host")
                .orElse(host)),
        transportPort,
        port(settings.first("transport.publish_port"), transportPort),
        port(settings.or("ELASTICSEARCH_PORT_NUMBER", "http.port"), 9200),
        roles(settings),
        single ? ImmutableList.of() : ElasticsearchSettings.list(seeds.orElse("")),
        single ? ImmutableList.of(node) : ElasticsearchSettings.list(masters.orElse("")),
        single,
        !single && !configured,
        filter(settings, "transport"),
        filter(settings, "http"),
        Release.of(setup.spec().image()));
  }

  /** The filter of port 9200 takes over the lists of the other one where it has none of its own. */
  private static PeerFilter filter(ElasticsearchSettings settings, String port) {
    boolean on =
        settings.first("xpack.security.enabled").orElse("false").equals("true")
            && settings
                .first("xpack.security." + port + ".filter.enabled")
                .orElse("true")
                .equals("true");
    return on
        ? PeerFilter.of(rules(settings, port, "allow"), rules(settings, port, "deny"))
        : PeerFilter.NONE;
  }

  private static ImmutableList<String> rules(
      ElasticsearchSettings settings, String port, String kind) {
    String own = "xpack.security." + port + ".filter." + kind;
    String otherwise = "xpack.security.transport.filter." + kind;
    return ElasticsearchSettings.list(
        settings.first(settings.has(own) ? own : otherwise).orElse(""));
  }

  private static ImmutableList<String> hosts(
      ElasticsearchSettings settings, String otherwise, String... names) {
    return ElasticsearchSettings.list(settings.first(names).orElse(otherwise));
  }

  /** {@code node.roles} since 7.9, {@code node.master} and its like before. */
  private static NodeRoles roles(ElasticsearchSettings settings) {
    if (settings.has("node.roles")) {
      ImmutableList<String> names =
          ElasticsearchSettings.list(settings.first("node.roles").orElse(""));
      for (String name : names) {
        if (!NodeRoles.known(name)) {
          throw new IllegalArgumentException("unknown role [" + name + "] in node.roles");
        }
      }
      return new NodeRoles(ImmutableSet.copyOf(names));
    }
    ImmutableSet.Builder<String> names = ImmutableSet.builder();
    ALL_ROLES.stream()
        .filter(role -> settings.first("node." + role).orElse("true").equals("true"))
        .forEach(names::add);
    if (settings.first("node.voting_only").filter(value -> value.equals("true")).isPresent()) {
      names.add("voting_only");
    }
    return new NodeRoles(names.build());
  }

  /** Of a range such as 9300-9400 the first port; a pod has one node only. */
  private static int port(Optional<String> value, int otherwise) {
    String text = value.orElse(Integer.toString(otherwise));
    try {
      return Integer.parseInt(text.contains("-") ? text.substring(0, text.indexOf('-')) : text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no port of Elasticsearch; write a number or FROM-TO", e);
    }
  }
}
