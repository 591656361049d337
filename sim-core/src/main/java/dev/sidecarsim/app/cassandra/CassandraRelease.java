package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.seconds;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What differs between releases.
 *
 * @param name as in the image's tag
 * @param bindsOutgoing whether calls to other nodes come from {@code listen_address}, as until 3.9
 *     and in all of 3.0 (OutboundTcpConnectionPool.newSocket; given up by CASSANDRA-12673)
 * @param connectNanos rpc_timeout in 3.x, internode_tcp_connect_timeout since
 * @param handshakeNanos WAIT_FOR_VERSION_MAX_TIME in 3.x, the same as for connecting since
 * @param tokens the default of {@code num_tokens} in the shipped cassandra.yaml
 * @param namesPorts whether logs name nodes with their ports, and connections by both ends
 * @param settlesBeforeJoining whether a new node waits for gossip to settle before it joins, too
 * @param waitsForPeers whether clients wait for a node's peers (StartupClusterConnectivityChecker)
 */
record CassandraRelease(
    String name,
    boolean bindsOutgoing,
    long connectNanos,
    long handshakeNanos,
    int tokens,
    boolean namesPorts,
    boolean settlesBeforeJoining,
    boolean waitsForPeers) {

  private static final Pattern TAG = Pattern.compile(":v?((\\d+)(?:\\.(\\d+))?(?:\\.\\d+)?)");

  private static final Pattern TUTORIAL = Pattern.compile(".*google-samples/cassandra:v(\\d+)");

  private static CassandraRelease third(String name, boolean bindsOutgoing) {
    return new CassandraRelease(
        name, bindsOutgoing, seconds(10), seconds(5), 256, false, false, false);
  }

  private static CassandraRelease fourth(String name) {
    return new CassandraRelease(name, false, seconds(2), seconds(2), 16, true, true, true);
  }

  /**
   * The release in an image's tag; without a minor, the last of its major; without one, the latest.
   */
  static CassandraRelease of(String image) {
    Matcher own = TUTORIAL.matcher(image);
    if (own.matches()) {
      boolean old = Integer.parseInt(own.group(1)) <= 12;
      return third(old ? "3.9" : "3.11", old);
    }
    Matcher tag = TAG.matcher(image.substring(image.lastIndexOf('/') + 1));
    if (!tag.find()) {
      return fourth("4.0");
    }
    String name = tag.group(1);
    int minor = tag.group(3) == null ? Integer.MAX_VALUE : Integer.parseInt(tag.group(3));
    return switch (Integer.parseInt(tag.group(2))) {
      case 0, 1, 2 -> third(name, true);
      case 3 -> third(name, minor < 10);
      default -> fourth(name);
    };
  }

  /**
   * Whether it is the Kubernetes tutorial's image, which numbers itself: v12 has 3.9
   * (kubernetes/examples#153), later ones 3.11.
   */
  static boolean tutorial(String image) {
    return TUTORIAL.matcher(image).matches();
  }

  /** Why a node cannot join while the only owner of some of its data is down (RangeStreamer). */
  String sourceIsDown(String node) {
    return namesPorts
        ? "Necessary replicas for strict consistency were removed by source filters: Filtered "
            + node
            + " out because it was down"
        : "A node required to move the data consistently is down ("
            + node
            + "). If you wish to move the data from a potentially inconsistent replica, restart the"
            + " node with -Dcassandra.consistent.rangemovement=false";
  }
}
