package dev.sidecarsim.app.zookeeper.data;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.zookeeper.wire.Acl;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Write;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What becomes of a client's wish, as PrepRequestProcessor decides it, in its order. */
record Preparation(DataTree tree, long session, IpAddress client) {

  Change of(Operation wish) {
    if (wish instanceof Operation.CreateSession create) {
      return new Change.NewSession(create.timeoutMillis());
    }
    if (!tree.sessions().containsKey(session)) {
      return new Change.Refusal(ErrorCode.SESSION_EXPIRED);
    }
    if (wish instanceof Write write) {
      return ofWrite(write);
    }
    if (wish instanceof Operation.Multi multi) {
      return ofAll(multi.parts());
    }
    return wish instanceof Operation.CloseSession
        ? new Change.NoSession()
        : new Change.Refusal(ErrorCode.UNIMPLEMENTED);
  }

  private Change ofWrite(Write wish) {
    if (wish instanceof Write.Create create) {
      return create(create);
    }
    if (wish instanceof Write.Delete delete) {
      return delete(delete);
    }
    if (wish instanceof Write.SetData set) {
      return setData(set);
    }
    return wish instanceof Write.SetAcl set ? setAcl(set) : check((Write.Check) wish);
  }

  /** All of them on a tree of their own, each after the one before; none, if one is refused. */
  private Change ofAll(ImmutableList<Write> parts) {
    DataTree trial = tree.copy();
    List<Change> changes = new ArrayList<>();
    for (Write part : parts) {
      Change change = new Preparation(trial, session, client).ofWrite(part);
      changes.add(change);
      if (change instanceof Change.Refusal refusal) {
        return refused(changes.size() - 1, refusal, parts.size());
      }
      trial.apply(new Txn(session, 0, 0, change));
    }
    return new Change.Several(ImmutableList.copyOf(changes));
  }

  private static Change refused(int before, Change.Refusal refusal, int all) {
    ImmutableList.Builder<Change> results = ImmutableList.builder();
    for (int i = 0; i < all; i++) {
      results.add(
          i == before
              ? refusal
              : new Change.Refusal(i < before ? ErrorCode.OK : ErrorCode.RUNTIME_INCONSISTENCY));
    }
    return new Change.Several(results.build());
  }

  private static Change no(ErrorCode error) {
    return new Change.Refusal(error);
  }

  private Change create(Write.Create wish) {
    if (!wish.plain()) {
      return no(ErrorCode.UNIMPLEMENTED);
    }
    if (!Paths.hasParent(wish.path())) {
      return no(ErrorCode.BAD_ARGUMENTS);
    }
    if (!Rights.valid(wish.acl())) {
      return no(ErrorCode.INVALID_ACL);
    }
    Optional<Node> parent = tree.node(Paths.parent(wish.path()));
    if (parent.isEmpty()) {
      return no(ErrorCode.NO_NODE);
    }
    if (!Rights.allow(parent.get().acl(), Acl.CREATE, client)) {
      return no(ErrorCode.NO_AUTH);
    }
    String number =
        wish.sequential() ? String.format(Locale.ROOT, "%010d", parent.get().creations()) : "";
    String path = wish.path() + number;
    if (!Paths.valid(path)) {
      return no(ErrorCode.BAD_ARGUMENTS);
    }
    if (tree.node(path).isPresent()) {
      return no(ErrorCode.NODE_EXISTS);
    }
    return parent.get().owner() != 0
        ? no(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS)
        : new Change.NewNode(path, wish.data(), wish.acl(), wish.ephemeral() ? session : 0);
  }

  private Change delete(Write.Delete wish) {
    if (!Paths.hasParent(wish.path()) || DataTree.OWN.contains(wish.path())) {
      return no(ErrorCode.BAD_ARGUMENTS);
    }
    Optional<Node> parent = tree.node(Paths.parent(wish.path()));
    if (parent.isPresent() && !Rights.allow(parent.get().acl(), Acl.DELETE, client)) {
      return no(ErrorCode.NO_AUTH);
    }
    Optional<Node> node = tree.node(wish.path());
    if (node.isEmpty()) {
      return no(ErrorCode.NO_NODE);
    }
    if (differs(wish.version(), node.get().version())) {
      return no(ErrorCode.BAD_VERSION);
    }
    return tree.children(wish.path()).isEmpty()
        ? new Change.NoNode(wish.path())
        : no(ErrorCode.NOT_EMPTY);
  }

  private static boolean differs(int expected, int version) {
    return expected != Write.ANY && expected != version;
  }

  private Change setData(Write.SetData wish) {
    Optional<Node> node = tree.node(wish.path());
    if (!Paths.valid(wish.path())) {
      return no(ErrorCode.BAD_ARGUMENTS);
    }
    if (node.isEmpty()) {
      return no(ErrorCode.NO_NODE);
    }
    if (!Rights.allow(node.get().acl(), Acl.WRITE, client)) {
      return no(ErrorCode.NO_AUTH);
    }
    return differs(wish.version(), node.get().version())
        ? no(ErrorCode.BAD_VERSION)
        : new Change.NewData(wish.path(), wish.data(), node.get().version() + 1);
  }

  private Change setAcl(Write.SetAcl wish) {
    if (!Paths.valid(wish.path())) {
      return no(ErrorCode.BAD_ARGUMENTS);
    }
    if (!Rights.valid(wish.acl())) {
      return no(ErrorCode.INVALID_ACL);
    }
    Optional<Node> node = tree.node(wish.path());
    if (node.isEmpty()) {
      return no(ErrorCode.NO_NODE);
    }
    if (!Rights.allow(node.get().acl(), Acl.ADMIN, client)) {
      return no(ErrorCode.NO_AUTH);
    }
    return differs(wish.version(), node.get().aclVersion())
        ? no(ErrorCode.BAD_VERSION)
        : new Change.NewAcl(wish.path(), wish.acl(), node.get().aclVersion() + 1);
  }

  private Change check(Write.Check wish) {
    Optional<Node> node = tree.node(wish.path());
    if (!Paths.valid(wish.path())) {
      return no(ErrorCode.BAD_ARGUMENTS);
    }
    if (node.isEmpty()) {
      return no(ErrorCode.NO_NODE);
    }
    if (!Rights.allow(node.get().acl(), Acl.READ, client)) {
      return no(ErrorCode.NO_AUTH);
    }
    return differs(wish.version(), node.get().version())
        ? no(ErrorCode.BAD_VERSION)
        : new Change.Checked(wish.path());
  }
}
