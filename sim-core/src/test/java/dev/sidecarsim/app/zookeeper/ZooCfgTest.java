package dev.sidecarsim.app.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real servers (QuorumPeerConfig of the published jars) take and refuse, and how. */
class ZooCfgTest {

  private static final String LIMITS = "dataDir=/data\ntickTime=2000\ninitLimit=10\nsyncLimit=5\n";
  private static final String SERVERS =
      """
      server.1=a:2888:3888
      server.2=b:2888:3888
      server.3=c:2888:3888
      """;

  private static ZooKeeperConfig read(String release, String... files) {
    ImmutableMap.Builder<String, String> mounted = ImmutableMap.builder();
    mounted.put("/conf/zoo.cfg", files[0]);
    if (files.length > 1) {
      mounted.put("/conf/zoo.cfg.dynamic", files[1]);
    }
    return new ImageSettings(
            "zookeeper:" + release, "zk-0", "", "", ImmutableMap.of(), mounted.buildOrThrow())
        .config();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "tickTime=x ~ NumberFormatException: For input string: \"x\"",
        "tickTime=0 ~ IllegalArgumentException: tickTime is not set",
        "tickTime=-1 ~ IllegalArgumentException: minSessionTimeout must not be larger than"
            + " maxSessionTimeout",
        "tickTime: 0 ~ IllegalArgumentException: tickTime is not set",
        "initLimit=0 ~ IllegalArgumentException: initLimit is not set",
        "maxSessionTimeout=3000 ~ IllegalArgumentException: minSessionTimeout must not be larger"
            + " than maxSessionTimeout",
        "maxClientCnxns=1.5 ~ NumberFormatException: For input string: \"1.5\"",
        "clientPort=70000 ~ IllegalArgumentException: port out of range:70000",
        "clientPortAddress=127.0.0.1 ~ IllegalArgumentException: clientPortAddress is set but"
            + " clientPort is not set",
        "electionAlg=1 ~ ConfigException: Invalid electionAlg value. Only 3 is supported.",
        "peerType=leader ~ ConfigException: Unrecognised peertype: leader",
        "quorumListenOnAllIPs=yes ~ ConfigException: Invalid option yes for quorumListenOnAllIPs."
            + " Choose 'true' or 'false.'",
        "quorum.auth.serverRequireSasl=true ~ IllegalArgumentException: quorum.auth.enableSasl is"
            + " disabled, so cannot enable quorum.auth.serverRequireSasl",
        "server.3=c:2888:x ~ ConfigException: Address unresolved: c:x",
        "server.3=c:2888:3888:learner ~ ConfigException: Unrecognised peertype: learner",
        "server.3=c:2888:2888 ~ ConfigException: Client and election port must be different!"
            + " Please update the configuration file on server.3",
        "server.3=[::1:2888:3888 ~ ConfigException: [::1:2888:3888 starts with '[' but has no"
            + " matching ']:'",
        "server.3=c:2888:3888|d:2888:3888 ~ ConfigException: Multiple address feature is disabled,"
            + " but multiple addresses were specified for sid 3",
        "group.1=1:2 ~ ConfigException: Server 3is not in a group",
        "weight.1=1 ~ ConfigException: Server 1is not in a group",
      })
  void aWrongLineEndsTheServer(String line, String said) {
    assertThatThrownBy(() -> read("3.7.0", LIMITS + SERVERS + line + "\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(" (the server exits with code 2: " + said + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dataDir", "initLimit", "syncLimit"})
  void whatAnEnsembleNeedsIsMissed(String key) {
    String rest = LIMITS.replaceFirst(key + "=.*\n", "");

    assertThatThrownBy(() -> read("3.7.0", rest + SERVERS))
        .hasMessageEndingWith(
            "(the server exits with code 2: IllegalArgumentException: " + key + " is not set)");
  }

  @Test
  void aServerAloneNeedsNoLimits() {
    assertThat(read("3.7.0", "dataDir=/data\n").standalone()).isTrue();
  }

  @Test
  void theTickIsThreeSecondsWhereNothingIsSaid() {
    Timing timing = read("3.7.0", LIMITS.replace("tickTime=2000\n", "") + SERVERS).timing();

    assertThat(timing).isEqualTo(new Timing(3000, 10, 5, 0, 6000, 60000));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "-1, 3"})
  void electionPortsHaveSettingsOfTheirOwn(int given, int tries) {
    String lines = "cnxTimeout=2000\nelectionPortBindRetry=" + given + "\n";

    assertThat(read("3.7.0", LIMITS + SERVERS + lines).election())
        .isEqualTo(new ElectionSettings(tries, 2000));
  }

  @Test
  void withoutAClientPortNoneIsOpened() {
    assertThat(read("3.7.0", LIMITS + SERVERS).clients().listens()).isFalse();
  }

  /** Until 3.7 what is not true is false, and unknown settings were not known yet. */
  @ParameterizedTest
  @CsvSource({"3.5.9", "3.6.3"})
  void olderReleasesTakeMore(String release) {
    assertThat(read(release, LIMITS + SERVERS + "quorumListenOnAllIPs=yes\n").listenOnAllIps())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "clientPort=2181, 2181, true",
    "clientPort=2181, 2182, false",
    "'clientPort=2181\nclientPortAddress=127.0.0.1', 2181, false",
    "'clientPort=2181\nclientPortAddress=127.0.0.1', 127.0.0.1:2181, true",
    "clientPort=2181, 127.0.0.1:2181, true",
    "peerType=participant, 127.0.0.1:2181, true",
  })
  void theOwnLineMustNotDiffer(String lines, String client, boolean taken) {
    String text = LIMITS + lines + "\n" + SERVERS.replaceFirst("3888", "3888;" + client);
    if (taken) {
      assertThat(read("3.7.0", text).clients().port()).isEqualTo(2181);
    } else {
      assertThatThrownBy(() -> read("3.7.0", text))
          .hasMessageContaining("client address for this server (id = 1) in static config file is");
    }
  }

  @Test
  void oneVoterIsAnEnsembleWhereStandaloneIsNotEnabled() {
    String one = LIMITS + "server.1=a:2888:3888\n";

    assertThat(read("3.7.0", one).standalone()).isTrue();
    assertThat(read("3.7.0", one + "standaloneEnabled=false\n").standalone()).isFalse();
    assertThatThrownBy(() -> read("3.7.0", one + "server.2=b:2888:3888:observer\n"))
        .hasMessageContaining("Observers w/o quorum is an invalid configuration");
    assertThatThrownBy(() -> read("3.7.0", LIMITS + "standaloneEnabled=false\n"))
        .hasMessageContaining("standaloneEnabled = false then number of participants should be >0");
  }

  @ParameterizedTest
  @CsvSource({
    "tickTime=1000, Unrecognised parameter: tickTime",
    "version=1, dynamic file shouldn't have version inside",
  })
  void aDynamicFileHoldsMembersOnly(String line, String said) {
    String statics = LIMITS + "dynamicConfigFile=/conf/zoo.cfg.dynamic\n";

    assertThat(read("3.7.0", statics, SERVERS).servers()).containsOnlyKeys(1L, 2L, 3L);
    assertThatThrownBy(() -> read("3.7.0", statics, SERVERS + line + "\n"))
        .hasMessageContaining("ConfigException: " + said);
    assertThatThrownBy(() -> read("3.7.0", statics + "server.1=a:2888:3888\n", SERVERS))
        .hasMessageContaining("parameter: server.1 must be in a separate dynamic config file");
  }

  @Test
  void aServerThatIsNotOnTheListEndsAtItsStart() {
    assertThatThrownBy(() -> read("3.7.0", LIMITS + SERVERS.replace("server.1", "server.4")))
        .hasMessageEndingWith(
            "(the server exits with code 1: RuntimeException: My id 1 not in the peer list)");
  }
}
