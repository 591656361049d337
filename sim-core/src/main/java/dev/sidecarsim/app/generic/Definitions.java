package dev.sidecarsim.app.generic;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.collect.ImmutableList;
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
   * leaders on 9092, where a broker's metadata say how it wants to be called. Times: {@code
   * controller.quorum.election.timeout.ms} and {@code controller.quorum.fetch.timeout.ms}.
   */
  private static final ClusterDefinition KAFKA =
      ClusterDefinition.named("Kafka")
          .listen(9092, Bind.WILDCARD)
          .listen(9093, Bind.WILDCARD)
          .dial(Who.EVERY_PAIR, 9093)
          .dialAskingAt(9092, Who.EVERY_PAIR, 9092)
          .dial(Who.SELF, 9093)
          .leader(new Leadership.Elected(seconds(2), seconds(3)))
          .beat(millis(500))
          .build();

  /**
   * First epmd is asked for the port, then the distribution is dialled, once for each pair by
   * whoever is first; all nodes are alike.
   */
  private static final ClusterDefinition RABBITMQ =
      ClusterDefinition.named("RabbitMQ")
          .listen(4369, Bind.WILDCARD)
          .listen(25672, Bind.WILDCARD)
          .listen(5672, Bind.WILDCARD)
          .dialAskingAt(4369, Who.ONE_OF_PAIR, 25672)
          .dial(Who.SELF, 4369)
          .leader(Leadership.NONE)
          .build();

  /**
   * Peers with certificates: one of the names in the caller's must stand for the address that its
   * call comes from. Messages go over whichever of the two connections of a pair there is. Times:
   * {@code --heartbeat-interval} and {@code --election-timeout}.
   */
  private static final ClusterDefinition ETCD =
      ClusterDefinition.named("etcd")
          .listen(2379, Bind.WILDCARD)
          .listen(2380, Bind.WILDCARD)
          .dial(Who.EITHER_WAY, 2380)
          .accept(2380, new Admission.Certificates(ImmutableList.of()))
          .leader(new Leadership.Elected(seconds(1), seconds(2)))
          .beat(millis(100))
          .build();

  /**
   * replSetInitiate demands that a member finds itself by dialling its own name. Times: {@code
   * heartbeatIntervalMillis} and {@code electionTimeoutMillis}, to which up to 15 % are added.
   */
  private static final ClusterDefinition MONGODB =
      ClusterDefinition.named("MongoDB")
          .listen(27017, Bind.WILDCARD)
          .dial(Who.EVERY_PAIR, 27017)
          .dial(Who.SELF, 27017)
          .leader(new Leadership.Elected(millis(10_000), millis(11_500)))
          .beat(seconds(2))
          .build();

  private static final Admission PRIVATE_10 =
      new Admission.Networks(ImmutableList.of(Cidr.of("10.0.0.0/8")));

  /** pg_hba.conf lets the pods' network in; standbys dial the primary that they are told. */
  private static final ClusterDefinition POSTGRESQL =
      ClusterDefinition.named("PostgreSQL")
          .listen(5432, Bind.WILDCARD)
          .dial(Who.TO_FIRST, 5432)
          .accept(5432, PRIVATE_10)
          .leader(Leadership.FIRST)
          .build();

  /**
   * PostgreSQL whose standbys dial whoever leads. The members ask each other on 8008, which stands
   * for the key in their store. Times: {@code ttl} and {@code loop_wait}.
   */
  private static final ClusterDefinition PATRONI =
      ClusterDefinition.named("Patroni")
          .listen(5432, Bind.WILDCARD)
          .listen(8008, Bind.WILDCARD)
          .dial(Who.EITHER_WAY, 8008)
          .dial(Who.TO_LEADER, 5432)
          .accept(5432, PRIVATE_10)
          .leader(new Leadership.Lease(seconds(30)))
          .beat(seconds(10))
          .build();

  /** The one whose server speaks first: replicas dial the source. */
  private static final ClusterDefinition MYSQL =
      ClusterDefinition.named("MySQL")
          .listenServerFirst(3306, Bind.WILDCARD)
          .dial(Who.TO_FIRST, 3306)
          .leader(Leadership.FIRST)
          .build();

  /**
   * MySQL with group replication: {@code group_replication_ip_allowlist} is AUTOMATIC, private
   * networks and 127.0.0.1 alone. Time: {@code group_replication_member_expel_timeout}, behind 5 s
   * of suspicion.
   */
  private static final ClusterDefinition INNODB_CLUSTER =
      ClusterDefinition.named("InnoDB Cluster")
          .listenServerFirst(3306, Bind.WILDCARD)
          .listen(33061, Bind.WILDCARD)
          .dial(Who.EVERY_PAIR, 33061)
          .accept(
              33061,
              new Admission.Networks(
                  ImmutableList.of(
                      Cidr.of("10.0.0.0/8"),
                      Cidr.of("172.16.0.0/12"),
                      Cidr.of("192.168.0.0/16"),
                      Cidr.of("127.0.0.1/32"))))
          .leader(new Leadership.Elected(seconds(10), seconds(11)))
          .beat(seconds(1))
          .build();

  /**
   * MariaDB or MySQL with Galera: one connection for each pair on 4567; who joins is sent what it
   * lacks at {@code wsrep_node_address}, where it listens on 4568.
   */
  private static final ClusterDefinition GALERA =
      ClusterDefinition.named("Galera")
          .listenServerFirst(3306, Bind.WILDCARD)
          .listen(4567, Bind.WILDCARD)
          .listen(4568, Bind.POD)
          .dial(Who.ONE_OF_PAIR, 4567)
          .dial(Who.EITHER_WAY, 4568)
          .leader(Leadership.NONE)
          .build();

  private Definitions() {}

  /** All of them. */
  public static GenericCluster products() {
    return new GenericCluster(
        KAFKA, RABBITMQ, ETCD, MONGODB, POSTGRESQL, PATRONI, MYSQL, INNODB_CLUSTER, GALERA);
  }
}
