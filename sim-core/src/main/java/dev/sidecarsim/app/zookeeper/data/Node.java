package dev.sidecarsim.app.zookeeper.data;

import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.sidecarsim.app.zookeeper.wire.Acl;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.net.Bytes;

/**
 * A node.
 *
 * @param owner the session that it ends with; 0 if it stays
 * @param created zxid of the transaction that created it
 * @param modified zxid of the one that last wrote its data
 * @param childChange zxid of the one that last gave it a child or took one
 * @param version how often its data were written since
 * @param aclVersion how often its rights were changed
 * @param creations how many children it ever had, from which sequential ones get their numbers
 */
record Node(
    Bytes data,
    ImmutableList<Acl> acl,
    long owner,
    long created,
    long modified,
    long childChange,
    int version,
    int aclVersion,
    int creations) {

  static Node of(Bytes data, ImmutableList<Acl> acl, long owner, long zxid) {
    return new Node(data, acl, owner, zxid, zxid, zxid, 0, 0, 0);
  }

  Node withData(Bytes newData, int newVersion, long zxid) {
    return new Node(
        newData, acl, owner, created, zxid, childChange, newVersion, aclVersion, creations);
  }

  Node withAcl(ImmutableList<Acl> newAcl, int newVersion) {
    return new Node(
        data, newAcl, owner, created, modified, childChange, version, newVersion, creations);
  }

  Node withOneMore(long zxid) {
    return new Node(data, acl, owner, created, modified, zxid, version, aclVersion, creations + 1);
  }

  Node withOneLess(long zxid) {
    return new Node(data, acl, owner, created, modified, zxid, version, aclVersion, creations);
  }

  /** As answers have it; times are not kept. */
  Bytes stat(int children) {
    return Jute.record(
        out -> {
          out.writeLong(created);
          out.writeLong(modified);
          out.writeLong(0);
          out.writeLong(0);
          out.writeInt(version);
          out.writeInt(2 * creations - children);
          out.writeInt(aclVersion);
          out.writeLong(owner);
          out.writeInt(data.size());
          out.writeInt(children);
          out.writeLong(childChange);
        });
  }

  void write(ByteArrayDataOutput out) {
    Jute.writeBuffer(out, data);
    Acl.write(out, acl);
    out.writeLong(owner);
    out.writeLong(created);
    out.writeLong(modified);
    out.writeLong(childChange);
    out.writeInt(version);
    out.writeInt(aclVersion);
    out.writeInt(creations);
  }

  static Node read(ByteArrayDataInput in) {
    return new Node(
        Jute.readBuffer(in),
        Acl.read(in),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        in.readInt(),
        in.readInt());
  }
}
