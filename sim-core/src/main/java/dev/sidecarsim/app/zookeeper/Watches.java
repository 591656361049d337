package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.zookeeper.wire.Read;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import java.util.ArrayList;
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
  void add(Read read, ClientConnection client) {
    Map<String, Set<ClientConnection>> kind = read instanceof Read.GetChildren ? children : data;
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
    remove(client, data);
    remove(client, children);
  }

  private static void remove(ClientConnection client, Map<String, Set<ClientConnection>> kind) {
    kind.values().forEach(watching -> watching.remove(client));
    kind.values().removeIf(Set::isEmpty);
  }

  // ---- as the words wchs, wchc and wchp tell of those of nodes' data (WatchManager.java)

  /** How many there are of both kinds. */
  int count() {
    return count(data) + count(children);
  }

  private static int count(Map<String, Set<ClientConnection>> kind) {
    return kind.values().stream().mapToInt(Set::size).sum();
  }

  String summary() {
    return bySession().size()
        + " connections watching "
        + data.size()
        + " paths\nTotal watches:"
        + count(data);
  }

  String pathsOfSessions() {
    return lists(bySession());
  }

  String sessionsOfPaths() {
    Map<String, List<String>> names = new TreeMap<>();
    data.forEach(
        (path, watching) -> names.put(path, watching.stream().map(Watches::name).toList()));
    return lists(names);
  }

  private Map<String, List<String>> bySession() {
    Map<String, List<String>> paths = new TreeMap<>();
    data.forEach(
        (path, watching) ->
            watching.forEach(
                client ->
                    paths.computeIfAbsent(name(client), session -> new ArrayList<>()).add(path)));
    return paths;
  }

  private static String name(ClientConnection client) {
    return "0x" + Long.toHexString(client.session().id());
  }

  private static String lists(Map<String, List<String>> all) {
    StringBuilder text = new StringBuilder();
    all.forEach(
        (head, entries) -> {
          text.append(head).append('\n');
          entries.forEach(entry -> text.append('\t').append(entry).append('\n'));
        });
    return text.toString();
  }
}
