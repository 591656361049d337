package dev.sidecarsim.app.generic;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Acceptance;
import dev.sidecarsim.app.generic.DialSpec.Who;
import dev.sidecarsim.net.Cidr;

/**
 * Well-known products as short definitions, set up as their charts have them. The annotation {@code
 * sidecarsim.dev/cluster: etcd} gives a pod one of them; an image alone does not, since most pods
 * of these images are single servers that others call.
 */
public final class Definitions {

  /**
   * KRaft with combined roles: the controllers' quorum on 9093, and followers that fetch from
   * leaders on 9092, both by the names that are advertised. Brokers of a ZooKeeper {@code need} it.
   */
  private static final ClusterDefinition KAFKA =
      ClusterDefinition.named("Kafka")
          .listen(9092, Bind.WILDCARD)
          .listen(9093, Bind.WILDCARD)
          .dial(Who.EVERY_PAIR, 9093)
          .dial(Who.EVERY_PAIR, 9092)
          .dial(Who.SELF, 9093)
          .build();

  /** First epmd is asked for the port, then the distribution is dialled; a full mesh. */
  private static final ClusterDefinition RABBITMQ =
      ClusterDefinition.named("RabbitMQ")
          .listen(4369, Bind.WILDCARD)
          .listen(25672, Bind.WILDCARD)
          .listen(5672, Bind.WILDCARD)
          .dial(Who.EVERY_PAIR, 4369)
          .dial(Who.LARGER_TO_SMALLER, 25672)
          .dial(Who.SELF, 4369)
          .build();

  /** Peers with certificates: the source address must be one that a peer's name stands for. */
  private static final ClusterDefinition ETCD =
      ClusterDefinition.named("etcd")
          .listen(2379, Bind.WILDCARD)
          .listen(2380, Bind.WILDCARD)
          .dial(Who.EVERY_PAIR, 2380)
          .acceptMembersOnly()
          .build();

  /** replSetInitiate demands that a member finds itself by dialling its own name. */
  private static final ClusterDefinition MONGODB =
      ClusterDefinition.named("MongoDB")
          .listen(27017, Bind.WILDCARD)
          .dial(Who.EVERY_PAIR, 27017)
          .dial(Who.SELF, 27017)
          .build();

  /** pg_hba.conf lets the pods' network in; standbys dial the primary. Patroni needs its store. */
  private static final ClusterDefinition POSTGRESQL =
      ClusterDefinition.named("PostgreSQL")
          .listen(5432, Bind.WILDCARD)
          .dial(Who.TO_FIRST, 5432)
          .accept(new Acceptance.Networks(ImmutableList.of(Cidr.of("10.0.0.0/8"))))
          .build();

  /** The one whose server speaks first: replicas dial the source. No group replication. */
  private static final ClusterDefinition MYSQL =
      ClusterDefinition.named("MySQL")
          .listenServerFirst(3306, Bind.WILDCARD)
          .dial(Who.TO_FIRST, 3306)
          .build();

  private Definitions() {}

  /** Kafka, RabbitMQ, etcd, MongoDB, PostgreSQL and MySQL. */
  public static GenericCluster products() {
    return new GenericCluster(KAFKA, RABBITMQ, ETCD, MONGODB, POSTGRESQL, MYSQL);
  }
}
