package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections of clients, counted by the address they come from.
 *
 * <p>Behind a sidecar that calls from one address all clients are one to the server, and share what
 * maxClientCnxns allows to one.
 */
final class Clients {

  private final int most;
  private final Map<Connection, Integer> words = new LinkedHashMap<>();
  private long rejected;

  /**
   * @param most connections of one address; 0 for any number
   */
  Clients(int most) {
    this.most = most;
  }

  /** Whether one more connection of this address may stay. */
  boolean admits(IpAddress address) {
    long same =
        words.keySet().stream()
            .filter(connection -> connection.remote().address().equals(address))
            .count();
    boolean admitted = most == 0 || same < most;
    rejected += admitted ? 0 : 1;
    return admitted;
  }

  void add(Connection connection) {
    words.put(connection, 0);
  }

  void asked(Connection connection) {
    words.merge(connection, 1, Integer::sum);
  }

  /** Closes them all, as a server does that stops to lead or to follow. */
  void closeAll() {
    List.copyOf(words.keySet()).forEach(Connection::close);
    words.clear();
  }

  void remove(Connection connection) {
    words.remove(connection);
  }

  int count() {
    return words.size();
  }

  long rejected() {
    return rejected;
  }

  /** One line each, as cons and stat show connections without a session. */
  String lines() {
    StringBuilder text = new StringBuilder();
    words.forEach(
        (connection, received) ->
            text.append(" /")
                .append(connection.remote())
                // A word takes the connection from the selector; others wait to be read.
                .append(received > 0 ? "[0]" : "[1]")
                .append("(queued=0,recved=")
                .append(received)
                .append(",sent=0)\n"));
    return text.toString();
  }
}
