package dev.sidecarsim.app.zookeeper;

import java.util.Optional;

/**
 * One {@code server.N} line.
 *
 * @param sid N
 * @param host name or address, as it is written
 * @param quorumPort where it listens when it leads, usually 2888
 * @param electionPort usually 3888
 * @param observer whether it has no vote
 * @param client what stands behind the semicolon: {@code [host:]port} for clients
 */
public record QuorumServer(
    long sid,
    String host,
    int quorumPort,
    int electionPort,
    boolean observer,
    Optional<String> client) {

  /** A voter. */
  public static QuorumServer voter(long sid, String host, int quorumPort, int electionPort) {
    return new QuorumServer(sid, host, quorumPort, electionPort, false, Optional.empty());
  }

  /** The line as notifications carry it. */
  @Override
  public String toString() {
    String role = observer ? "observer" : "participant";
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return shown
        + ":"
        + quorumPort
        + ":"
        + electionPort
        + ":"
        + role
        + client.map(text -> ";" + (text.contains(":") ? text : "0.0.0.0:" + text)).orElse("");
  }
}
