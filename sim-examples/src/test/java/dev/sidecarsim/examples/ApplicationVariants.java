package dev.sidecarsim.examples;

import dev.sidecarsim.examples.ApplicationsDocTest.Variant;
import java.util.List;

/**
 * The applications of the docs' table that have models of their own, as their charts set them up.
 */
final class ApplicationVariants {

  private static final String CASSANDRA = "- {name: CASSANDRA_ENDPOINT_SNITCH,";
  private static final String HOST = "- {name: network.host, value: 0.0.0.0}";
  private static final String FILTER =
      String.join(
          "\n            ",
          "",
          "- {name: xpack.security.enabled, value: \"true\"}",
          "- {name: xpack.security.transport.filter.allow, value: 10.244.0.0/16}",
          "- {name: xpack.security.transport.filter.deny, value: _all}",
          "- {name: xpack.security.http.filter.enabled, value: \"false\"}");
  private static final String REPLICA = "dir /data\n    slave-read-only yes";
  private static final String BUS =
      "- name: tcp-redis-bus\n      port: 16379\n      targetPort: tcp-redis-bus";
  private static final String REDIS_PORT = "- {name: REDIS_PORT,";

  static final List<Variant> ALL =
      List.of(
          new Variant(
              "ZooKeeper",
              "own name (default)",
              "my-release-zookeeper",
              120,
              () -> AppRun.of("zookeeper.yaml")),
          new Variant(
              "ZooKeeper",
              "`quorumListenOnAllIPs`",
              "my-release-zookeeper",
              120,
              () -> AppRun.of("listen-all.yaml")),
          new Variant(
              "ZooKeeper",
              "2888 and 3888 in no Service",
              "my-release-zookeeper",
              120,
              () -> AppRun.of("undeclared.yaml")),
          new Variant(
              "ZooKeeper",
              "`excludeInboundPorts` 2888,3888",
              "my-release-zookeeper",
              120,
              () -> AppRun.of("excluded-inbound.yaml")),
          new Variant(
              "ZooKeeper",
              "the same, and `excludeOutboundPorts`",
              "my-release-zookeeper",
              120,
              () -> AppRun.of("excluded.yaml")),
          new Variant(
              "Cassandra",
              "pod address (default)",
              "my-release-cassandra",
              240,
              () -> AppRun.of("cassandra.yaml")),
          new Variant(
              "Cassandra",
              "`listen_address` 127.0.0.1, `broadcast_address` pod address",
              "my-release-cassandra",
              240,
              () ->
                  AppRun.of("cassandra.yaml")
                      .change(
                          CASSANDRA,
                          "- {name: CASSANDRA_LISTEN_ADDRESS, value: 127.0.0.1}\n            "
                              + "- {name: CASSANDRA_BROADCAST_ADDRESS, value: $(POD_IP)}\n            "
                              + CASSANDRA)),
          new Variant(
              "Cassandra",
              "as in the Kubernetes tutorial: 7000 not declared",
              "cassandra",
              240,
              () -> AppRun.of("cassandra-tutorial.yaml")),
          new Variant(
              "Elasticsearch",
              "`network.host` 0.0.0.0 (charts)",
              "elasticsearch-master",
              60,
              () -> AppRun.of("elasticsearch.yaml")),
          new Variant(
              "Elasticsearch",
              "`network.host` `_site_`",
              "elasticsearch-master",
              60,
              () ->
                  AppRun.of("elasticsearch.yaml")
                      .change(HOST, "- {name: network.host, value: _site_}")),
          new Variant(
              "Elasticsearch",
              "`bind_host` 127.0.0.1, `publish_host` pod address",
              "elasticsearch-master",
              60,
              () ->
                  AppRun.of("elasticsearch.yaml")
                      .change(
                          HOST,
                          "- {name: network.bind_host, value: 127.0.0.1}\n            "
                              + "- {name: network.publish_host, value: $(POD_IP)}")),
          new Variant(
              "Elasticsearch",
              "9300 in no Service",
              "elasticsearch-master",
              60,
              () ->
                  AppRun.of("elasticsearch.yaml")
                      .change("    - {name: transport, port: 9300}\n", "")),
          new Variant(
              "Elasticsearch",
              "`network.host` `_site_`, 9300 in no Service",
              "elasticsearch-master",
              60,
              () ->
                  AppRun.of("elasticsearch.yaml")
                      .change(HOST, "- {name: network.host, value: _site_}")
                      .change("    - {name: transport, port: 9300}\n", "")),
          new Variant(
              "Elasticsearch",
              "9300 named `http-transport`",
              "elasticsearch-master",
              60,
              () ->
                  AppRun.of("elasticsearch.yaml")
                      .change(
                          "{name: transport, port: 9300}", "{name: http-transport, port: 9300}")),
          new Variant(
              "Elasticsearch",
              "`transport.filter` lets in the pods' network alone",
              "elasticsearch-master",
              60,
              () -> AppRun.of("elasticsearch.yaml").change(HOST, HOST + FILTER)),
          new Variant(
              "Redis replication",
              "no announcement",
              "my-release-redis-master",
              60,
              () -> AppRun.of("redis.yaml")),
          new Variant(
              "Redis replication",
              "`replica-announce-ip` own name",
              "my-release-redis-master",
              60,
              () ->
                  AppRun.of("redis.yaml")
                      .change(
                          REPLICA, "replica-announce-ip ${HOSTNAME}.my-release-redis-headless")),
          new Variant(
              "Redis Cluster",
              "no announcement",
              "my-release-redis-cluster",
              60,
              () -> AppRun.of("redis-cluster.yaml")),
          new Variant(
              "Redis Cluster",
              "`cluster-announce-ip` pod address",
              "my-release-redis-cluster",
              60,
              ApplicationVariants::announcedRedis),
          new Variant(
              "Redis Cluster",
              "the same, 16379 in no Service",
              "my-release-redis-cluster",
              60,
              () -> announcedRedis().change(BUS, "")),
          new Variant(
              "NiFi on a ZooKeeper that listens on all addresses",
              "own name (default)",
              "nifi",
              90,
              () -> AppRun.of("listen-all.yaml").with("nifi.yaml")));

  private ApplicationVariants() {}

  private static AppRun announcedRedis() {
    return AppRun.of("redis-cluster.yaml")
        .change(
            REDIS_PORT,
            "- {name: REDIS_CLUSTER_DYNAMIC_IPS, value: \"no\"}\n            "
                + "- {name: REDIS_CLUSTER_ANNOUNCE_IP, value: $(POD_IP)}\n            "
                + REDIS_PORT);
  }
}
