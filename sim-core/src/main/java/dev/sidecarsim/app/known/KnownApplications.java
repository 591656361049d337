package dev.sidecarsim.app.known;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Applications;
import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.cassandra.CassandraImage;
import dev.sidecarsim.app.elasticsearch.ElasticsearchImage;
import dev.sidecarsim.app.generic.Definitions;
import dev.sidecarsim.app.nifi.NifiImage;
import dev.sidecarsim.app.redis.RedisImage;
import dev.sidecarsim.app.zookeeper.ZooKeeperEnsembles;
import dev.sidecarsim.app.zookeeper.ZooKeeperImage;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ProgramCatalog;

/** Every clustered application of this library. */
public final class KnownApplications {

  private static final Applications OTHERS =
      Applications.of(
          new RedisImage(),
          new CassandraImage(),
          new ElasticsearchImage(),
          new NifiImage(),
          Definitions.products());

  private KnownApplications() {}

  /** What their images do. */
  public static ProgramCatalog programs() {
    return ProgramCatalog.of(ImmutableList.of(new ZooKeeperImage(), OTHERS.programs()));
  }

  /** The applications that run in a cluster: ZooKeeper's ensembles first. */
  public static ImmutableList<ClusteredApp> in(Cluster cluster) {
    return ImmutableList.<ClusteredApp>builder()
        .addAll(ZooKeeperEnsembles.in(cluster))
        .addAll(OTHERS.in(cluster))
        .build();
  }

  /** The products' names. */
  public static ImmutableList<String> titles() {
    return ImmutableList.<String>builder().add("ZooKeeper").addAll(OTHERS.titles()).build();
  }
}
