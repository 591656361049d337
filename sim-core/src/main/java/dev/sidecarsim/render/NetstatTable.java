package dev.sidecarsim.render;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.SocketRow;
import dev.sidecarsim.host.TcpState;
import dev.sidecarsim.net.Endpoint;
import java.util.List;
import java.util.Locale;

/** TCP sockets as {@code netstat -tan} of net-tools prints them. */
public final class NetstatTable {

  private static final String HEAD =
      """
      Active Internet connections (servers and established)
      Proto Recv-Q Send-Q Local Address           Foreign Address         State
      """;

  private NetstatTable() {}

  /** The whole table with its two head lines. */
  public static String print(List<SocketRow> sockets) {
    StringBuilder out = new StringBuilder(HEAD);
    lines(sockets).forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }

  /** One line for each socket, without heads: what is left behind {@code grep}. */
  public static ImmutableList<String> lines(List<SocketRow> sockets) {
    return sockets.stream().map(NetstatTable::line).collect(ImmutableList.toImmutableList());
  }

  /** net-tools pads both addresses to 23 columns; queues are empty, as the model has none. */
  private static String line(SocketRow socket) {
    String proto = socket.local().address().v6() ? "tcp6" : "tcp";
    boolean listens = socket.state() == TcpState.LISTEN;
    String remote = listens ? anyPeer(socket.local()) : address(socket.remote());
    return String.format(
        Locale.ROOT,
        "%-4s %7d %6d %-23s %-23s %s",
        proto,
        0,
        0,
        address(socket.local()),
        remote,
        socket.state());
  }

  private static String anyPeer(Endpoint local) {
    return local.address().v6() ? ":::*" : "0.0.0.0:*";
  }

  /** netstat writes no brackets around IPv6 addresses. */
  private static String address(Endpoint endpoint) {
    return endpoint.address() + ":" + endpoint.port();
  }
}
