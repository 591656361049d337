package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.net.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Names as a pod resolves them; rewritten classes call it in place of {@link InetAddress}. */
public final class PodNames {

  /**
   * Stands for a name that has no address, since no address can be had without a lookup of the
   * machine's own resolver: the last one of TEST-NET-1 (RFC 5737), which no pod has.
   */
  private static final byte[] NOWHERE = {(byte) 192, 0, 2, (byte) 255};

  private PodNames() {}

  /** {@link InetAddress#getByName}. */
  public static InetAddress getByName(String host) throws UnknownHostException {
    return getAllByName(host)[0];
  }

  /** {@link InetAddress#getAllByName}. */
  public static InetAddress[] getAllByName(String host) throws UnknownHostException {
    List<IpAddress> found = PodNetwork.current().resolve(host);
    if (found.isEmpty()) {
      throw new UnknownHostException(host);
    }
    InetAddress[] all = new InetAddress[found.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = address(host, found.get(i));
    }
    return all;
  }

  /** The address of a socket address made from a name. */
  public static InetAddress resolve(String host) throws UnknownHostException {
    List<IpAddress> found = PodNetwork.current().resolve(host);
    return found.isEmpty() ? InetAddress.getByAddress(host, NOWHERE) : address(host, found.get(0));
  }

  static boolean isNowhere(InetAddress address) {
    return Arrays.equals(address.getAddress(), NOWHERE);
  }

  static InetAddress address(String host, IpAddress ip) throws UnknownHostException {
    byte[] bytes = InetAddress.getByName(ip.toString()).getAddress();
    return InetAddress.getByAddress(host, bytes);
  }
}
