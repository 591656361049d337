package dev.sidecarsim.app.generic;

/**
 * A port that each member listens on.
 *
 * @param serverFirst whether the member speaks first on it, as MySQL does
 * @param leaderOnly whether a member listens on it only while it leads, as ZooKeeper does on 2888
 */
public record ListenSpec(int port, Bind bind, boolean serverFirst, boolean leaderOnly) {

  public ListenSpec {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(port + " is no port; a port is a number from 1 to 65535");
    }
  }
}
