package dev.sidecarsim.app.zookeeper.wire;

import com.google.common.collect.ImmutableList;
import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import java.util.List;

/**
 * Who may do what with a node.
 *
 * @param permissions bits of ZooDefs.Perms
 * @param scheme such as {@code world} or {@code ip}
 * @param id what the scheme knows somebody by
 */
public record Acl(int permissions, String scheme, String id) {

  public static final int READ = 1;
  public static final int WRITE = 1 << 1;
  public static final int CREATE = 1 << 2;
  public static final int DELETE = 1 << 3;
  public static final int ADMIN = 1 << 4;
  public static final int ALL = READ | WRITE | CREATE | DELETE | ADMIN;

  /** ZooDefs.Ids.OPEN_ACL_UNSAFE. */
  public static final ImmutableList<Acl> OPEN = ImmutableList.of(new Acl(ALL, "world", "anyone"));

  public static void write(ByteArrayDataOutput out, List<Acl> acls) {
    out.writeInt(acls.size());
    for (Acl acl : acls) {
      out.writeInt(acl.permissions);
      Jute.writeString(out, acl.scheme);
      Jute.writeString(out, acl.id);
    }
  }

  public static ImmutableList<Acl> read(ByteArrayDataInput in) {
    ImmutableList.Builder<Acl> acls = ImmutableList.builder();
    for (int left = in.readInt(); left > 0; left--) {
      acls.add(new Acl(in.readInt(), Jute.readString(in), Jute.readString(in)));
    }
    return acls.build();
  }
}
