package dev.sidecarsim.examples;

import dev.sidecarsim.examples.ApplicationsDocTest.Variant;
import java.util.List;

/** The rows of docs/applications.md for applications that are given by a definition. */
final class DefinitionVariants {

  static final List<Variant> ALL =
      List.of(
          variant("Kafka", "KRaft, every address", "kafka", ""),
          variant("RabbitMQ", "every address", "rabbitmq", ""),
          variant(
              "RabbitMQ", "`inet_dist_use_interface` pod address", "rabbitmq", "listen: 25672@pod"),
          variant("etcd", "certificates for the own name", "etcd", ""),
          variant(
              "etcd",
              "certificates for the own name and localhost",
              "etcd",
              "accept: 2380 from certificate localhost"),
          variant("etcd", "no certificates", "etcd", "accept: anyone"),
          variant(
              "etcd",
              "no certificates, peers on the pod address",
              "etcd",
              "accept: anyone; listen: 2380@pod"),
          variant("MongoDB", "`bindIp` \\*", "mongodb", ""),
          variant("Patroni", "`pg_hba.conf` takes 10.0.0.0/8", "patroni", ""),
          variant("Patroni", "`pg_hba.conf` takes 0.0.0.0/0", "patroni", "accept: anyone"),
          variant("MySQL", "source and replicas", "mysql", ""),
          variant("InnoDB Cluster", "`ip_allowlist` AUTOMATIC", "innodb-cluster", ""),
          variant(
              "InnoDB Cluster",
              "`ip_allowlist` 127.0.0.0/8 besides",
              "innodb-cluster",
              "accept: anyone"),
          variant("Galera", "`wsrep_node_address` pod address", "galera", ""));

  private DefinitionVariants() {}

  /** A shipped manifest with another line in its definition. */
  private static Variant variant(String product, String setting, String file, String line) {
    return new Variant(product, setting, file, 60, () -> run(product, file, line));
  }

  private static AppRun run(String product, String file, String line) {
    AppRun shipped = AppRun.of(file + ".yaml");
    return line.isEmpty()
        ? shipped
        : shipped.change(
            "          " + product + "\n", "          " + product + "\n          " + line + "\n");
  }
}
