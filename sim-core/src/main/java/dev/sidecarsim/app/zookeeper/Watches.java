package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which clients of a server are to be told what happens to a path; each watch is good for once. */
final class Watches {

  private final Map<String, Set<ClientConnection>> data = new TreeMap<>();
  private final Map<String, Set<ClientConnection>> children = new TreeMap<>();

  /** A read with its watch flag set leaves a watch, even an Exists of a node that is not there. */
  void add(Operation.Read read, ClientConnection client) {
    Map<String, Set<ClientConnection>> kind =
        read instanceof Operation.GetChildren ? children : data;
    kind.computeIfAbsent(read.path(), path -> new LinkedHashSet<>()).add(client);
  }

  void fire(List<WatchEvent> events) {
    for (WatchEvent event : events) {
      Set<ClientConnection> told = new LinkedHashSet<>();
      if (event.type() != WatchEvent.Type.CHILDREN_CHANGED) {
        told.addAll(taken(data, event.path()));
      }
      if (event.type() == WatchEvent.Type.CHILDREN_CHANGED
          || event.type() == WatchEvent.Type.DELETED) {
        told.addAll(taken(children, event.path()));
      }
      told.forEach(client -> client.notify(event));
    }
  }

  private static Set<ClientConnection> taken(Map<String, Set<ClientConnection>> kind, String path) {
    Set<ClientConnection> watching = kind.remove(path);
    return watching == null ? Set.of() : watching;
  }

  void remove(ClientConnection client) {
    data.values().forEach(watching -> watching.remove(client));
    children.values().forEach(watching -> watching.remove(client));
  }
}
