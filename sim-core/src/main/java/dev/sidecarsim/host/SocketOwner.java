package dev.sidecarsim.host;

/**
 * The user and group of the process that made a socket, as {@code -m owner} sees them.
 *
 * @param uid user id, 0 to 2³² - 1
 * @param gid group id, 0 to 2³² - 1
 * @param socket false for the kernel's own packets, which belong to no socket
 */
public record SocketOwner(long uid, long gid, boolean socket) {

  /** Packets that no process sent: forwarded ones, and the kernel's RST and ICMP answers. */
  public static final SocketOwner KERNEL = new SocketOwner(0, 0, false);

  /** What root's processes send. */
  public static final SocketOwner ROOT = new SocketOwner(0, 0);

  private static final long MAX_ID = 0xffff_ffffL;

  public SocketOwner {
    check("uid", uid);
    check("gid", gid);
  }

  public SocketOwner(long uid, long gid) {
    this(uid, gid, true);
  }

  private static void check(String what, long id) {
    if (id < 0 || id > MAX_ID) {
      throw new IllegalArgumentException(
          what + " " + id + " is out of range; an id is 0 to " + MAX_ID);
    }
  }

  @Override
  public String toString() {
    return socket ? "uid " + uid + " gid " + gid : "kernel";
  }
}
