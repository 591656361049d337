package dev.sidecarsim.app.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageSettingsTest {

  private static final String ALONE = "dataDir=/data\ninitLimit=10\nsyncLimit=5\n";

  private static ZooKeeperConfig read(
      String image, String script, ImmutableMap<String, String> env, String... files) {
    ImmutableMap.Builder<String, String> mounted = ImmutableMap.builder();
    for (int i = 0; i < files.length; i += 2) {
      mounted.put(files[i], files[i + 1]);
    }
    return new ImageSettings(
            image, "zk-1", "zk-hs.default.svc", script, env, mounted.buildOrThrow())
        .config();
  }

  @ParameterizedTest
  @CsvSource({
    "bitnami/zookeeper:3.7.0, true",
    "docker.io/bitnami/zookeeper, true",
    "zookeeper:3.8, true",
    "registry.example.com:5000/mirror/zookeeper@sha256:00, true",
    "confluentinc/cp-zookeeper:6.1.0, true",
    "pravega/zookeeper:0.2.9, true",
    "pravega/zookeeper-operator:0.2.9, false",
    "bitnami/zookeeper-exporter, false",
    "bitnami/kafka:zookeeper, false"
  })
  void knowsImagesByName(String image, boolean known) {
    assertThat(ZooKeeperImage.knows(image)).isEqualTo(known);
  }

  @Test
  void readsBitnamisVariables() {
    ZooKeeperConfig config =
        read(
            "bitnami/zookeeper",
            "",
            ImmutableMap.of(
                "ZOO_SERVERS", "a:2888:3888::1 b:2889:3889::2,c:2888:3888::3",
                "ZOO_SERVER_ID", "3",
                "ZOO_LISTEN_ALLIPS_ENABLED", "yes",
                "ZOO_TICK_TIME", "500"));
    assertThat(config.myId()).isEqualTo(3);
    assertThat(config.servers().get(2L)).hasToString("b:2889:3889:participant;0.0.0.0:2181");
    assertThat(config.listenOnAllIps()).isTrue();
    assertThat(config.tickMillis()).isEqualTo(500);
    assertThat(config.initLimit()).isEqualTo(10);
    assertThat(config.clients().port()).isEqualTo(2181);
  }

  @Test
  void readsTheOfficialImagesVariables() {
    ZooKeeperConfig config =
        read(
            "zookeeper:3.7.0",
            "",
            ImmutableMap.of(
                "ZOO_MY_ID", "1",
                "ZOO_SERVERS",
                    "server.1=0.0.0.0:2888:3888;2182 server.2=b:2888:3888:observer;2181"
                        + " server.3=c:2888:3888;2181",
                "ZOO_CFG_EXTRA", "quorumListenOnAllIPs=true tickTime=1000"));
    assertThat(config.self().host()).isEqualTo("0.0.0.0");
    assertThat(config.clients().port()).isEqualTo(2182);
    assertThat(config.servers().get(2L).observer()).isTrue();
    assertThat(config.listenOnAllIps()).isTrue();
    assertThat(config.tickMillis()).isEqualTo(1000);
    assertThat(config.initLimit()).isEqualTo(5);
  }

  @Test
  void readsConfluentsVariables() {
    ZooKeeperConfig config =
        read(
            "confluentinc/cp-zookeeper",
            "export ZOOKEEPER_SERVER_ID=$((${HOSTNAME##*-}+1)) && exec run",
            ImmutableMap.of(
                "ZOOKEEPER_SERVERS", "a:2888:3888;10.0.0.2:2888:3888;c:2888:3888",
                "ZOOKEEPER_CLIENT_PORT", "2200"));
    assertThat(config.myId()).isEqualTo(2);
    assertThat(config.servers().keySet()).containsExactly(1L, 2L, 3L);
    assertThat(config.clients().port()).isEqualTo(2200);
  }

  /** cp-helm-charts: the own line, and no other, names the wildcard. */
  @Test
  void aScriptMayPutTheWildcardInTheOwnLine() {
    ZooKeeperConfig config =
        read(
            "confluentinc/cp-zookeeper:6.1.0",
            """
            ZK_FIX_HOST_REGEX="s/${HOSTNAME}\\.[^:]*:/0.0.0.0:/g"
            ZOOKEEPER_SERVER_ID=$((${HOSTNAME##*-}+1)) \\
            ZOOKEEPER_SERVERS=`echo $ZOOKEEPER_SERVERS | sed -e "$ZK_FIX_HOST_REGEX"` \\
            /etc/confluent/docker/run
            """,
            ImmutableMap.of(
                "ZOOKEEPER_SERVERS", "zk-0.hs:2888:3888;zk-1.hs:2888:3888;zk-2.hs:2888:3888"));
    assertThat(config.servers().values())
        .extracting(QuorumServer::host)
        .containsExactly("zk-0.hs", "0.0.0.0", "zk-2.hs");
  }

  /** The command of Kubernetes' tutorial on running ZooKeeper. */
  @Test
  void readsTheOptionsOfStartZookeeper() {
    ZooKeeperConfig config =
        read(
            "registry.k8s.io/kubernetes-zookeeper:1.0-3.4.10",
            """
            start-zookeeper \\
            --servers=3 \\
            --data_dir=/var/lib/zookeeper/data \\
            --client_port=2181 \\
            --election_port=3889 \\
            --server_port=2889 \\
            --tick_time=1000 \\
            --init_limit=10 \\
            --sync_limit=5 \\
            --max_client_cnxns=70
            """,
            ImmutableMap.of());
    assertThat(config.myId()).isEqualTo(2);
    assertThat(config.servers().get(3L))
        .isEqualTo(QuorumServer.voter(3, "zk-2.zk-hs.default.svc", 2889, 3889));
    assertThat(config.tickMillis()).isEqualTo(1000);
    assertThat(config.initLimit()).isEqualTo(10);
    assertThat(config.clients().maxPerAddress()).isEqualTo(70);
  }

  @ParameterizedTest
  @CsvSource({
    "bitnami/zookeeper:3.7.0, ZOO_LOG_LEVEL, ERROR, ERROR",
    "zookeeper:3.7.0, ZOO_LOG4J_PROP, 'WARN,CONSOLE', WARN",
    "confluentinc/cp-zookeeper:6.1.0, ZOOKEEPER_LOG4J_ROOT_LOGLEVEL, INFO, INFO",
    "zookeeper:3.7.0, OTHER, ERROR, INFO",
  })
  void theLogLevelIsThatOfTheImagesVariable(
      String image, String name, String value, LogLevel level) {
    assertThat(read(image, "", ImmutableMap.of(name, value)).logLevel()).isEqualTo(level);
  }

  @Test
  void aVoterInNoGroupIsRefused() {
    assertThatThrownBy(
            () ->
                read(
                    "zookeeper:3.7.0",
                    "",
                    ImmutableMap.of(),
                    "/conf/zoo.cfg",
                    ALONE + "server.1=a:2888:3888\nserver.2=b:2888:3888\ngroup.1=1\nweight.1=2\n"))
        .hasMessage(
            "server.2 is in no group; name every voter in a group.N line (the server exits with"
                + " code 2: ConfigException: Server 2is not in a group)");
  }

  @Test
  void aMountedFileHoldsAlone() {
    ZooKeeperConfig config =
        read(
            "zookeeper",
            "",
            ImmutableMap.of("ZOO_SERVERS", "nonsense"),
            "/conf/zoo.cfg",
            """
            # by hand
            dataDir=/data
            initLimit=10
            syncLimit=5
            tickTime = 1500
            server.7=a:1:2
            server.8=b:1:2
            server.9=c:1:2
            group.1=7:8
            group.2=9
            weight.9=2
            """,
            "/data/myid",
            "8\n");
    assertThat(config.myId()).isEqualTo(8);
    assertThat(config.tickMillis()).isEqualTo(1500);
    assertThat(config.groups()).containsEntry(7L, 1L).containsEntry(9L, 2L);
    assertThat(config.weights()).containsEntry(9L, 2L);
  }

  @Test
  void theScriptsOffsetGivesTheId() {
    assertThat(
            read(
                    "bitnami/zookeeper",
                    "export ZOO_SERVER_ID=\"$((ORD + 10 ))\"",
                    ImmutableMap.of("ZOO_SERVERS", "a:1:2::10 b:1:2::11"))
                .myId())
        .isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({
    "ZOO_TICK_TIME, x, ZOO_TICK_TIME 'x' is no number",
    "ZOO_TICK_TIME, 0, tickTime 0 is no number above 0 (the server exits with code 2",
    "ZOO_PORT_NUMBER, 70000, ZOO_PORT_NUMBER 70000 is no port",
    "ZOO_SERVERS, a:b:c::1, ZOO_SERVERS 'a:b:c;2181' is no server",
    "ZOO_SERVERS, a:1:2|b:1:2::1, names several addresses",
    "ZOO_SERVER_ID, two, ZOO_SERVER_ID 'two' is no number",
  })
  void aBadValueIsNamed(String name, String value, String message) {
    assertThatThrownBy(() -> read("bitnami/zookeeper", "", ImmutableMap.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theServersMayStandInAFileOfTheirOwn() {
    ZooKeeperConfig config =
        read(
            "zookeeper:3.7.0",
            "",
            ImmutableMap.of(),
            "/conf/zoo.cfg",
            "dataDir=/data\ninitLimit=5\nsyncLimit=2\ndynamicConfigFile=/conf/zoo.cfg.dynamic\n",
            "/conf/zoo.cfg.dynamic",
            "server.1=a:2888:3888;2181\nserver.2=b:2888:3888:participant;2182\n");
    assertThat(config.servers()).containsOnlyKeys(1L, 2L);
    assertThat(config.clients().port()).isEqualTo(2182);
  }

  @Test
  void aFileOfServersThatIsNotMountedIsNamed() {
    assertThatThrownBy(
            () ->
                read(
                    "zookeeper:3.7.0",
                    "",
                    ImmutableMap.of(),
                    "/conf/zoo.cfg",
                    "dataDir=/data\ndynamicConfigFile=/data/zoo.cfg.dynamic\n"))
        .hasMessageStartingWith(
            "zoo.cfg: dynamicConfigFile '/data/zoo.cfg.dynamic' is no mounted file");
  }

  @Test
  void onlyOneElectionAlgorithmIsLeft() {
    assertThatThrownBy(
            () -> read("zookeeper:3.7.0", "", ImmutableMap.of("ZOO_CFG_EXTRA", "electionAlg=1")))
        .hasMessageContaining("electionAlg 1 is not supported");
  }

  /** The entry point of the official image writes no clientPort from 3.5 on. */
  @ParameterizedTest
  @CsvSource({
    "3.7.0, b:2888:3888, 0",
    "3.7.0, b:2888:3888;2181, 2181",
    "3.4.14, b:2888:3888, 2181"
  })
  void theOfficialImageHasNoClientPortOutsideItsServerLines(String version, String line, int port) {
    ZooKeeperConfig config =
        read(
            "zookeeper:" + version,
            "",
            ImmutableMap.of("ZOO_SERVERS", "server.1=a:2888:3888 server.2=" + line));
    assertThat(config.clients().port()).isEqualTo(port);
  }

  /** Confluent's template has no tickTime where no variable says one. */
  @Test
  void confluentsImageLeavesTheTickToTheServer() {
    ZooKeeperConfig config =
        read(
            "confluentinc/cp-zookeeper:7.3.0",
            "",
            ImmutableMap.of("ZOOKEEPER_SERVERS", "a:1:2;b:1:2"));
    assertThat(config.timing()).isEqualTo(new Timing(3000, 10, 5, 0, 6000, 60000));
  }

  /** The chart of helm/incubator counts the servers itself. */
  @Test
  void readsTheNumberOfReplicas() {
    ZooKeeperConfig config =
        read(
            "zookeeper:3.5.5",
            "/config-scripts/run",
            ImmutableMap.of(
                "ZK_REPLICAS", "3", "ZOO_PORT", "2182", "ZOO_STANDALONE_ENABLED", "false"));
    assertThat(config.servers().get(3L))
        .isEqualTo(QuorumServer.voter(3, "zk-2.zk-hs.default.svc", 2888, 3888));
    assertThat(config.clients().port()).isEqualTo(2182);
    assertThat(config.standaloneEnabled()).isFalse();
  }
}
