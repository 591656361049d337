package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.app.zookeeper.client.Curator;
import dev.sidecarsim.time.Durations;
import java.util.OptionalInt;

/**
 * What decides of a {@code nifi.properties}; the defaults are NiFiProperties' own in 1.12 to 1.20.
 *
 * @param webHost where the web port is bound, and where other nodes are told to find it
 * @param interfaces network interfaces to bind the web port to in place of the host
 * @param nodeHost {@code nifi.cluster.node.address}: where others find the protocol port
 * @param protocolPort {@code nifi.cluster.node.protocol.port}, on every address
 * @param zooKeeperRoot {@code nifi.zookeeper.root.node}
 * @param heartbeatNanos {@code nifi.cluster.protocol.heartbeat.interval}
 * @param missableHeartbeats {@code nifi.cluster.protocol.heartbeat.missable.max}
 * @param electionCandidates nodes that end the flow election early
 * @param electionSeconds how long the flow election lasts at most
 */
record NifiConfig(
    String webHost,
    ImmutableList<String> interfaces,
    int webPort,
    String nodeHost,
    int protocolPort,
    Curator.Settings zooKeeper,
    String zooKeeperRoot,
    long heartbeatNanos,
    int missableHeartbeats,
    OptionalInt electionCandidates,
    int electionSeconds) {

  /**
   * Reads the variables of the Apache image, or a mounted {@code nifi.properties}.
   *
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  static NifiConfig of(Setup setup) {
    NifiProperties properties = new NifiProperties(setup);
    String hostname = setup.pod().hostname();
    boolean secure = properties.text("nifi.web.https.port").isPresent();
    String web = secure ? "nifi.web.https." : "nifi.web.http.";
    return new NifiConfig(
        properties.text(web + "host", "NIFI_WEB_HTTP_HOST", "NIFI_WEB_HTTPS_HOST").orElse(hostname),
        properties.withPrefix(web + "network.interface."),
        properties.number(web + "port", "NIFI_WEB_HTTP_PORT", "NIFI_WEB_HTTPS_PORT").orElse(8080),
        properties.text("nifi.cluster.node.address", "NIFI_CLUSTER_ADDRESS").orElse(hostname),
        properties
            .number("nifi.cluster.node.protocol.port", "NIFI_CLUSTER_NODE_PROTOCOL_PORT")
            .orElse(11443),
        new Curator.Settings(
            properties.text("nifi.zookeeper.connect.string", "NIFI_ZK_CONNECT_STRING").orElse(""),
            properties.millis("nifi.zookeeper.session.timeout", "3 secs"),
            properties.millis("nifi.zookeeper.connect.timeout", "3 secs")),
        properties.text("nifi.zookeeper.root.node", "NIFI_ZK_ROOT_NODE").orElse("/nifi"),
        Durations.millis(properties.millis("nifi.cluster.protocol.heartbeat.interval", "5 sec")),
        properties.number("nifi.cluster.protocol.heartbeat.missable.max").orElse(8),
        properties.number(
            "nifi.cluster.flow.election.max.candidates", "NIFI_ELECTION_MAX_CANDIDATES"),
        properties.millis(
                "nifi.cluster.flow.election.max.wait.time", "5 mins", "NIFI_ELECTION_MAX_WAIT")
            / 1000);
  }
}
