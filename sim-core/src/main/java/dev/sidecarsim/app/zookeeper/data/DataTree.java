package dev.sidecarsim.app.zookeeper.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import dev.sidecarsim.net.Bytes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The nodes and the sessions, after some number of transactions. */
public final class DataTree {

  private static final String ROOT = "/";

  /** The nodes of an empty tree: /, /zookeeper, its config and quota, and the root of quotas. */
  private static final int OWN_NODES = 5;

  /**
   * A node.
   *
   * @param owner the session that it ends with; 0 if it stays
   * @param creations how many children it ever had, from which sequential ones get their numbers
   */
  private record Node(Bytes data, long owner, long czxid, int creations) {
    Node withOneMore() {
      return new Node(data, owner, czxid, creations + 1);
    }
  }

  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<Long, Integer> sessions = new TreeMap<>();

  public DataTree() {
    nodes.put(ROOT, new Node(Bytes.EMPTY, 0, 0, 0));
  }

  // ---- what is read

  /** How many nodes there are, with ZooKeeper's own. */
  public int nodeCount() {
    return OWN_NODES + nodes.size() - 1;
  }

  /** How many of them end with a session. */
  public int ephemeralCount() {
    return (int) nodes.values().stream().filter(node -> node.owner() != 0).count();
  }

  /** The sessions and their time-outs in milliseconds. */
  public ImmutableMap<Long, Integer> sessions() {
    return ImmutableMap.copyOf(sessions);
  }

  /** Answers a read; empty if there is no such node. */
  public Optional<Bytes> read(Operation.Read read) {
    Node node = nodes.get(read.path());
    if (node == null) {
      return Optional.empty();
    }
    if (read instanceof Operation.GetChildren) {
      return Optional.of(Reply.ofChildren(children(read.path())));
    }
    Bytes stat = stat(read.path(), node);
    return Optional.of(read instanceof Operation.GetData ? Reply.ofData(node.data(), stat) : stat);
  }

  private ImmutableList<String> children(String path) {
    String prefix = path.equals(ROOT) ? ROOT : path + "/";
    return nodes.keySet().stream()
        .filter(child -> child.length() > prefix.length() && child.startsWith(prefix))
        .map(child -> child.substring(prefix.length()))
        .filter(name -> name.indexOf('/') < 0)
        .collect(ImmutableList.toImmutableList());
  }

  /** Times are not kept; a node's data are never written anew. */
  private Bytes stat(String path, Node node) {
    int children = children(path).size();
    return Jute.record(
        out -> {
          out.writeLong(node.czxid());
          out.writeLong(node.czxid());
          out.writeLong(0);
          out.writeLong(0);
          out.writeInt(0);
          out.writeInt(2 * node.creations() - children);
          out.writeInt(0);
          out.writeLong(node.owner());
          out.writeInt(node.data().size());
          out.writeInt(children);
          out.writeLong(node.czxid());
        });
  }

  // ---- what is changed

  /** What becomes of a wish, as PrepRequestProcessor decides it. */
  public Change prepare(long session, Operation wish) {
    if (wish instanceof Operation.CreateSession create) {
      return new Change.NewSession(create.timeoutMillis());
    }
    if (!sessions.containsKey(session)) {
      return new Change.Refusal(ErrorCode.SESSION_EXPIRED);
    }
    if (wish instanceof Operation.Create create) {
      return prepare(session, create);
    }
    if (wish instanceof Operation.Delete delete) {
      return prepare(delete);
    }
    return wish instanceof Operation.CloseSession
        ? new Change.NoSession()
        : new Change.Refusal(ErrorCode.UNIMPLEMENTED);
  }

  private Change prepare(long session, Operation.Create create) {
    Node parent = nodes.get(parent(create.path()));
    if (parent == null) {
      return new Change.Refusal(ErrorCode.NO_NODE);
    }
    if (parent.owner() != 0) {
      return new Change.Refusal(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
    }
    String number =
        create.sequential() ? String.format(Locale.ROOT, "%010d", parent.creations()) : "";
    String path = create.path() + number;
    return nodes.containsKey(path)
        ? new Change.Refusal(ErrorCode.NODE_EXISTS)
        : new Change.NewNode(path, create.data(), create.ephemeral() ? session : 0);
  }

  private Change prepare(Operation.Delete delete) {
    if (!nodes.containsKey(delete.path()) || delete.path().equals(ROOT)) {
      return new Change.Refusal(ErrorCode.NO_NODE);
    }
    return children(delete.path()).isEmpty()
        ? new Change.NoNode(delete.path())
        : new Change.Refusal(ErrorCode.NOT_EMPTY);
  }

  /** Applies a transaction, and says what those who watch the paths are to be told. */
  public ImmutableList<WatchEvent> apply(Txn txn) {
    if (txn.change() instanceof Change.NewNode created) {
      return create(created, txn.zxid());
    }
    if (txn.change() instanceof Change.NoNode deleted) {
      return delete(deleted.path());
    }
    if (txn.change() instanceof Change.NewSession begun) {
      sessions.put(txn.session(), begun.timeoutMillis());
    } else if (txn.change() instanceof Change.NoSession) {
      return end(txn.session());
    }
    return ImmutableList.of();
  }

  private ImmutableList<WatchEvent> create(Change.NewNode created, long zxid) {
    nodes.put(created.path(), new Node(created.data(), created.owner(), zxid, 0));
    nodes.computeIfPresent(parent(created.path()), (path, node) -> node.withOneMore());
    return ImmutableList.of(
        new WatchEvent(WatchEvent.Type.CREATED, created.path()),
        new WatchEvent(WatchEvent.Type.CHILDREN_CHANGED, parent(created.path())));
  }

  private ImmutableList<WatchEvent> delete(String path) {
    nodes.remove(path);
    return ImmutableList.of(
        new WatchEvent(WatchEvent.Type.DELETED, path),
        new WatchEvent(WatchEvent.Type.CHILDREN_CHANGED, parent(path)));
  }

  private ImmutableList<WatchEvent> end(long session) {
    sessions.remove(session);
    List<String> owned =
        nodes.entrySet().stream()
            .filter(entry -> entry.getValue().owner() == session)
            .map(Map.Entry::getKey)
            .toList();
    return owned.stream()
        .flatMap(path -> delete(path).stream())
        .collect(ImmutableList.toImmutableList());
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? ROOT : path.substring(0, slash);
  }

  // ---- snapshots

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
          nodes.forEach((path, node) -> write(out, path, node));
        });
  }

  private static void write(ByteArrayDataOutput out, String path, Node node) {
    Jute.writeString(out, path);
    Jute.writeBuffer(out, node.data());
    out.writeLong(node.owner());
    out.writeLong(node.czxid());
    out.writeInt(node.creations());
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
      tree.nodes.put(
          Jute.readString(in),
          new Node(Jute.readBuffer(in), in.readLong(), in.readLong(), in.readInt()));
    }
    return tree;
  }
}
