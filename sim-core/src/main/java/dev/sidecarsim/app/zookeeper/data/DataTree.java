package dev.sidecarsim.app.zookeeper.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.app.zookeeper.wire.Acl;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Read;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The nodes and the sessions, after some number of transactions. */
public final class DataTree {

  /** The nodes that are always there, and may not be deleted. */
  static final ImmutableSet<String> OWN =
      ImmutableSet.of(Paths.ROOT, "/zookeeper", "/zookeeper/quota", "/zookeeper/config");

  /** What is read, or why it may not be. */
  public record Answer(ErrorCode error, Bytes body) {
    private static Answer no(ErrorCode error) {
      return new Answer(error, Bytes.EMPTY);
    }
  }

  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<Long, Integer> sessions = new TreeMap<>();

  public DataTree() {
    OWN.forEach(path -> nodes.put(path, Node.of(Bytes.EMPTY, Acl.OPEN, 0, 0)));
  }

  // ---- what is read

  /** How many nodes there are; ZooKeeper has its root twice. */
  public int nodeCount() {
    return nodes.size() + 1;
  }

  /** How many of them end with a session. */
  public int ephemeralCount() {
    return (int) nodes.values().stream().filter(node -> node.owner() != 0).count();
  }

  /** The sessions and their time-outs in milliseconds. */
  public ImmutableMap<Long, Integer> sessions() {
    return ImmutableMap.copyOf(sessions);
  }

  Optional<Node> node(String path) {
    return Optional.ofNullable(nodes.get(path));
  }

  /**
   * Answers a read.
   *
   * @param client the address that asks
   */
  public Answer read(Read read, IpAddress client) {
    Node node = nodes.get(read.path());
    if (node == null) {
      return Answer.no(ErrorCode.NO_NODE);
    }
    boolean open = read instanceof Read.Exists;
    if (!open && !Rights.allow(node.acl(), permission(read), client)) {
      return Answer.no(ErrorCode.NO_AUTH);
    }
    return new Answer(ErrorCode.OK, body(read, node));
  }

  private static int permission(Read read) {
    return read instanceof Read.GetAcl ? Acl.READ | Acl.ADMIN : Acl.READ;
  }

  private Bytes body(Read read, Node node) {
    Bytes stat = stat(read.path());
    if (read instanceof Read.GetChildren names) {
      Bytes children = Reply.ofChildren(children(read.path()));
      return names.withStat() ? children.plus(stat) : children;
    }
    if (read instanceof Read.GetAcl) {
      return Jute.record(out -> Acl.write(out, node.acl())).plus(stat);
    }
    return read instanceof Read.GetData ? Reply.ofData(node.data(), stat) : stat;
  }

  ImmutableList<String> children(String path) {
    String prefix = path.equals(Paths.ROOT) ? Paths.ROOT : path + "/";
    return nodes.keySet().stream()
        .filter(child -> child.length() > prefix.length() && child.startsWith(prefix))
        .map(child -> child.substring(prefix.length()))
        .filter(name -> name.indexOf('/') < 0)
        .collect(ImmutableList.toImmutableList());
  }

  /** The status of a node that is there. */
  private Bytes stat(String path) {
    return node(path).orElseThrow().stat(children(path).size());
  }

  // ---- what is changed

  /**
   * What becomes of a wish.
   *
   * @param client the address that it comes from
   */
  public Change prepare(long session, IpAddress client, Operation wish) {
    return new Preparation(this, session, client).of(wish);
  }

  /** Applies a transaction. */
  public Effect apply(Txn txn) {
    if (txn.change() instanceof Change.NewSession begun) {
      sessions.put(txn.session(), begun.timeoutMillis());
      return Effect.NONE;
    }
    return txn.change() instanceof Change.NoSession
        ? end(txn.session(), txn.zxid())
        : apply(txn.change(), txn.zxid());
  }

  private Effect apply(Change change, long zxid) {
    if (change instanceof Change.NewNode created) {
      return create(created, zxid);
    }
    if (change instanceof Change.NoNode deleted) {
      return delete(deleted.path(), zxid);
    }
    if (change instanceof Change.NewData set) {
      nodes.computeIfPresent(
          set.path(), (path, node) -> node.withData(set.data(), set.version(), zxid));
      return Effect.of(stat(set.path()), new WatchEvent(WatchEvent.Type.DATA_CHANGED, set.path()));
    }
    if (change instanceof Change.NewAcl set) {
      nodes.computeIfPresent(set.path(), (path, node) -> node.withAcl(set.acl(), set.version()));
      return Effect.of(stat(set.path()));
    }
    return change instanceof Change.Several all ? all(all, zxid) : Effect.of(Bytes.EMPTY);
  }

  private Effect all(Change.Several several, long zxid) {
    return several.refused()
        ? Effect.NONE
        : Effect.all(several.parts().stream().map(part -> apply(part, zxid)).toList());
  }

  private Effect create(Change.NewNode created, long zxid) {
    String parent = Paths.parent(created.path());
    nodes.put(created.path(), Node.of(created.data(), created.acl(), created.owner(), zxid));
    nodes.computeIfPresent(parent, (path, node) -> node.withOneMore(zxid));
    return Effect.of(
        stat(created.path()),
        new WatchEvent(WatchEvent.Type.CREATED, created.path()),
        new WatchEvent(WatchEvent.Type.CHILDREN_CHANGED, parent));
  }

  private Effect delete(String path, long zxid) {
    String parent = Paths.parent(path);
    nodes.remove(path);
    nodes.computeIfPresent(parent, (same, node) -> node.withOneLess(zxid));
    return Effect.of(
        Bytes.EMPTY,
        new WatchEvent(WatchEvent.Type.DELETED, path),
        new WatchEvent(WatchEvent.Type.CHILDREN_CHANGED, parent));
  }

  private Effect end(long session, long zxid) {
    sessions.remove(session);
    List<String> owned =
        nodes.entrySet().stream()
            .filter(entry -> entry.getValue().owner() == session)
            .map(Map.Entry::getKey)
            .toList();
    return Effect.all(owned.stream().map(path -> delete(path, zxid)).toList());
  }

  // ---- snapshots

  DataTree copy() {
    DataTree copy = new DataTree();
    copy.nodes.putAll(nodes);
    copy.sessions.putAll(sessions);
    return copy;
  }

  /** All of it, for a learner that lacks it and for the disk. */
  public Bytes snapshot() {
    return Jute.record(
        out -> {
          out.writeInt(sessions.size());
          sessions.forEach(
              (session, timeout) -> {
                out.writeLong(session);
                out.writeInt(timeout);
              });
          out.writeInt(nodes.size());
          nodes.forEach(
              (path, node) -> {
                Jute.writeString(out, path);
                node.write(out);
              });
        });
  }

  /**
   * The tree of a snapshot; that of no bytes is empty.
   *
   * @throws IllegalStateException if the bytes are none
   */
  public static DataTree of(Bytes snapshot) {
    DataTree tree = new DataTree();
    if (snapshot.isEmpty()) {
      return tree;
    }
    ByteArrayDataInput in = Jute.reader(snapshot);
    for (int left = in.readInt(); left > 0; left--) {
      tree.sessions.put(in.readLong(), in.readInt());
    }
    for (int left = in.readInt(); left > 0; left--) {
      tree.nodes.put(Jute.readString(in), Node.read(in));
    }
    return tree;
  }
}
