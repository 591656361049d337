package dev.sidecarsim.netfilter;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which source each connection got, for others of the same source: their lists have the newest
 * first ({@code nf_nat_bysource}).
 */
final class SourceIndex {

  /** The newest connection of each source; never iterated. */
  private final Map<Tuple, Connection> newest = new HashMap<>();

  void clear() {
    newest.clear();
  }

  /** The newest connection whose original source this is; the others follow as older ones. */
  @Nullable Connection newest(Tuple original) {
    return newest.get(key(original));
  }

  void add(Connection connection) {
    Connection before = newest.put(key(connection.original()), connection);
    connection.older = before;
    if (before != null) {
      before.newer = connection;
    }
  }

  void remove(Connection connection) {
    Connection older = connection.older;
    Connection newer = connection.newer;
    if (older != null) {
      older.newer = newer;
    }
    if (newer != null) {
      newer.older = older;
    } else if (older != null) {
      newest.replace(key(connection.original()), connection, older);
    } else {
      newest.remove(key(connection.original()), connection);
    }
    connection.older = null;
    connection.newer = null;
  }

  /** {@code same_src()}: address and port, or an ICMP message's id. */
  private static Tuple key(Tuple original) {
    return original.withDestination(original.src().any(), 0);
  }
}
