package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The connections of clients, counted by the address they come from.
 *
 * <p>Behind a sidecar that calls from one address all clients are one to the server, and share what
 * maxClientCnxns allows to one.
 */
final class Clients {

  private final ClientAccess access;
  private final Set<ClientConnection> open = new LinkedHashSet<>();
  private long rejected;

  Clients(ClientAccess access) {
    this.access = access;
  }

  /** Whether one more connection of this address may stay. */
  boolean admits(IpAddress address) {
    long same = open.stream().filter(client -> client.remote().address().equals(address)).count();
    boolean admitted = below(access.maxPerAddress(), same) && below(access.maxInAll(), open.size());
    rejected += admitted ? 0 : 1;
    return admitted;
  }

  private static boolean below(int most, long there) {
    return most <= 0 || there < most;
  }

  void add(ClientConnection client) {
    open.add(client);
  }

  /** Closes them all, as a server does that stops to lead or to follow. */
  void closeAll() {
    List.copyOf(open).forEach(ClientConnection::end);
  }

  void remove(ClientConnection client) {
    open.remove(client);
  }

  int count() {
    return open.size();
  }

  long rejected() {
    return rejected;
  }

  /** One line each. */
  String lines(Function<ClientConnection, String> line) {
    return open.stream().map(client -> line.apply(client) + "\n").collect(Collectors.joining());
  }

  void resetStatistics() {
    open.forEach(ClientConnection::resetStatistics);
  }
}
