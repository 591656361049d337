package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What decides of an {@code elasticsearch.yml}.
 *
 * @param node {@code node.name}
 * @param bindHost where ports are bound: an address, a name, {@code _local_} or {@code _site_}
 * @param publishHost the address that other nodes are told; the same words
 * @param seeds {@code discovery.seed_hosts}
 * @param initialMasters {@code cluster.initial_master_nodes}
 */
record ElasticsearchConfig(
    String pod,
    String node,
    String bindHost,
    String publishHost,
    int transportPort,
    int httpPort,
    boolean masterEligible,
    ImmutableList<String> seeds,
    ImmutableList<String> initialMasters) {

  /**
   * Reads settings as the official image takes them from variables with dots, Bitnami's variables,
   * and a mounted {@code elasticsearch.yml}.
   *
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  static ElasticsearchConfig of(Setup setup) {
    Map<String, String> settings = new LinkedHashMap<>();
    setup
        .file(path -> path.endsWith("elasticsearch.yml"))
        .ifPresent(
            text ->
                Splitter.on('\n')
                    .split(text)
                    .forEach(
                        line -> {
                          int colon = line.indexOf(": ");
                          if (colon > 0 && !line.startsWith("#")) {
                            String value = line.substring(colon + 2).replaceAll("[\\[\\]\"]", "");
                            settings.put(
                                line.substring(0, colon).strip(), setup.expand(value.strip()));
                          }
                        }));
    setup.env().keySet().stream()
        .filter(name -> name.contains("."))
        .forEach(name -> setup.env(name).ifPresent(value -> settings.put(name, value)));
    boolean bitnami = setup.spec().image().contains("bitnami");
    String host =
        setting(settings, "network.host")
            .or(() -> setup.env("ELASTICSEARCH_BIND_ADDRESS"))
            .orElse(bitnami ? "0.0.0.0" : "_local_");
    return new ElasticsearchConfig(
        setup.pod().name(),
        setting(settings, "node.name")
            .or(() -> setup.env("ELASTICSEARCH_NODE_NAME"))
            .orElse(setup.pod().hostname()),
        setting(settings, "transport.bind_host", "network.bind_host").orElse(host),
        setting(settings, "transport.publish_host", "network.publish_host")
            .or(() -> setup.env("ELASTICSEARCH_ADVERTISED_HOSTNAME"))
            .orElse(host),
        number(settings, setup, "transport.port", "ELASTICSEARCH_NODE_PORT_NUMBER", 9300),
        number(settings, setup, "http.port", "ELASTICSEARCH_PORT_NUMBER", 9200),
        setting(settings, "node.master").map(value -> value.equals("true")).orElse(true),
        list(
            setting(settings, "discovery.seed_hosts")
                .or(() -> setup.env("ELASTICSEARCH_CLUSTER_HOSTS"))),
        list(
            setting(settings, "cluster.initial_master_nodes")
                .or(() -> setup.env("ELASTICSEARCH_CLUSTER_MASTER_HOSTS"))));
  }

  private static Optional<String> setting(Map<String, String> settings, String... names) {
    for (String name : names) {
      String value = settings.get(name);
      if (value != null && !value.isEmpty()) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private static ImmutableList<String> list(Optional<String> value) {
    return ImmutableList.copyOf(
        Splitter.onPattern("[,\\s]+").omitEmptyStrings().splitToList(value.orElse("")));
  }

  /** Of a range such as 9300-9400 the first port; a pod has one node only. */
  private static int number(
      Map<String, String> settings, Setup setup, String name, String variable, int otherwise) {
    String text =
        setting(settings, name).or(() -> setup.env(variable)).orElse(Integer.toString(otherwise));
    try {
      return Integer.parseInt(text.contains("-") ? text.substring(0, text.indexOf('-')) : text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " '" + text + "' is no port; write a number or FROM-TO", e);
    }
  }
}
