package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.seconds;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What differs between releases.
 *
 * @param bindsOutgoing whether calls to other nodes come from {@code listen_address}, as until 3.9
 *     and in all of 3.0 (OutboundTcpConnectionPool.newSocket; given up by CASSANDRA-12673)
 * @param connectNanos rpc_timeout in 3.x, internode_tcp_connect_timeout since
 * @param handshakeNanos WAIT_FOR_VERSION_MAX_TIME in 3.x, the same as for connecting since
 * @param tokens the default of {@code num_tokens} in the shipped cassandra.yaml
 * @param namesPorts whether logs name nodes with their ports, and connections by both ends
 */
record CassandraRelease(
    boolean bindsOutgoing, long connectNanos, long handshakeNanos, int tokens, boolean namesPorts) {

  private static final CassandraRelease V3 =
      new CassandraRelease(true, seconds(10), seconds(5), 256, false);

  private static final CassandraRelease V3_10 =
      new CassandraRelease(false, seconds(10), seconds(5), 256, false);

  private static final CassandraRelease V4 =
      new CassandraRelease(false, seconds(2), seconds(2), 16, true);

  private static final Pattern TAG = Pattern.compile(":v?(\\d+)(?:\\.(\\d+))?");

  /**
   * The release in an image's tag; without a minor, the last of its major; without one, the latest.
   */
  static CassandraRelease of(String image) {
    Matcher tag = TAG.matcher(image.substring(image.lastIndexOf('/') + 1));
    if (!tag.find() || Integer.parseInt(tag.group(1)) >= 4) {
      return V4;
    }
    int minor = tag.group(2) == null ? Integer.MAX_VALUE : Integer.parseInt(tag.group(2));
    return tag.group(1).equals("3") && minor >= 10 ? V3_10 : V3;
  }
}
