package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.app.Sockets;
import dev.sidecarsim.app.zookeeper.client.Curator;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What decides of a {@code nifi.properties}; the defaults are NiFiProperties' own in 1.12 to 1.20.
 *
 * @param zooKeeperRoot {@code nifi.zookeeper.root.node}
 * @param heartbeatNanos {@code nifi.cluster.protocol.heartbeat.interval}
 * @param missableHeartbeats {@code nifi.cluster.protocol.heartbeat.missable.max}
 * @param electionCandidates nodes that end the flow election early
 * @param electionSeconds how long the flow election lasts at most
 */
record NifiConfig(
    Web web,
    Node node,
    Curator.Settings zooKeeper,
    String zooKeeperRoot,
    long heartbeatNanos,
    int missableHeartbeats,
    OptionalInt electionCandidates,
    int electionSeconds) {

  /**
   * The web server.
   *
   * @param host where it is bound, and where other nodes are told to find it
   * @param interfaces network interfaces to bind it to in place of the host
   * @param secure whether it speaks HTTPS
   */
  record Web(String host, ImmutableList<String> interfaces, int port, boolean secure) {

    private static Web of(NifiProperties properties, boolean secure) {
      String prefix = secure ? "nifi.web.https." : "nifi.web.http.";
      String variable = secure ? "NIFI_WEB_HTTPS_" : "NIFI_WEB_HTTP_";
      return new Web(
          properties.text(prefix + "host", variable + "HOST").orElse(properties.hostname()),
          properties.interfaces(prefix + "network.interface."),
          properties.port(prefix + "port", variable + "PORT").orElse(secure ? 8443 : 8080),
          secure);
    }

    /** HTTPS asks clients for no certificate, since people may log in otherwise. */
    Sockets sockets() {
      return Sockets.of(secure, host, false);
    }

    String url() {
      return (secure ? "https://" : "http://") + host + ":" + port + "/nifi";
    }
  }

  /**
   * What else a node listens on.
   *
   * @param host {@code nifi.cluster.node.address}: where others find the protocol port
   * @param protocolPort {@code nifi.cluster.node.protocol.port}, on every address
   * @param secure whether the protocol is inside TLS with certificates of both sides
   * @param loadBalanceHost where the port for balancing load is bound
   * @param siteToSitePort the raw socket of site-to-site, on every address; empty if there is none
   * @param firewall the text of {@code nifi.cluster.firewall.file}
   */
  record Node(
      String host,
      int protocolPort,
      boolean secure,
      String loadBalanceHost,
      int loadBalancePort,
      OptionalInt siteToSitePort,
      Optional<String> firewall) {

    private static Node of(NifiProperties properties, boolean secure) {
      String host =
          properties
              .text("nifi.cluster.node.address", "NIFI_CLUSTER_ADDRESS")
              .orElse(properties.hostname());
      return new Node(
          host,
          properties
              .port("nifi.cluster.node.protocol.port", "NIFI_CLUSTER_NODE_PROTOCOL_PORT")
              .orElse(11443),
          properties.yes("nifi.cluster.protocol.is.secure").orElse(secure),
          properties
              .text("nifi.cluster.load.balance.host", "NIFI_CLUSTER_LOAD_BALANCE_HOST")
              .orElse(host),
          properties.port("nifi.cluster.load.balance.port").orElse(6342),
          properties.siteToSitePort(),
          properties.file("nifi.cluster.firewall.file"));
    }

    Sockets sockets() {
      return Sockets.of(secure, host, true);
    }
  }

  /**
   * Reads the variables of the Apache image, or a mounted {@code nifi.properties}.
   *
   * @throws IllegalArgumentException in one line that names the setting and its value
   */
  static NifiConfig of(Setup setup) {
    NifiProperties properties = new NifiProperties(setup);
    boolean secure = properties.secure();
    return new NifiConfig(
        Web.of(properties, secure),
        Node.of(properties, secure),
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
