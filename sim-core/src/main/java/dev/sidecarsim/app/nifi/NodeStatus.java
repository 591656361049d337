package dev.sidecarsim.app.nifi;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * What is known of a node's part in the cluster (NodeConnectionStatus).
 *
 * @param code why it is disconnected
 * @param updateId larger for a later change
 * @param at when the change was made, in nanoseconds of simulated time
 */
record NodeStatus(NodeId node, State state, Code code, String reason, long updateId, long at) {

  /** NodeConnectionState. */
  enum State {
    CONNECTING,
    CONNECTED,
    DISCONNECTED,
    REMOVED
  }

  /** DisconnectionCode. */
  enum Code {
    NONE(""),
    NOT_YET_CONNECTED("Has Not Yet Connected to Cluster"),
    LACK_OF_HEARTBEAT("Lack of Heartbeat"),
    UNABLE_TO_COMMUNICATE("Unable to Communicate with Node"),
    NODE_SHUTDOWN("Node was Shutdown"),
    BLOCKED_BY_FIREWALL("Blocked by Firewall"),
    UNKNOWN("Unknown");

    private final String text;

    Code(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Whether it tells nothing new to one who knows the other; numbers and reasons do not count. */
  boolean saysTheSameAs(NodeStatus other) {
    return node.equals(other.node) && state == other.state;
  }

  String words() {
    return String.join(
        "\t", node.words(), state.name(), code.name(), "" + updateId, "" + at, reason);
  }

  static NodeStatus of(String words) {
    List<String> all = Splitter.on('\t').splitToList(words);
    return new NodeStatus(
        NodeId.of(all.get(0)),
        State.valueOf(all.get(1)),
        Code.valueOf(all.get(2)),
        all.get(5),
        Long.parseLong(all.get(3)),
        Long.parseLong(all.get(4)));
  }

  /** As NodeConnectionStatus shows itself. */
  @Override
  public String toString() {
    String why =
        state == State.DISCONNECTED
            ? ", Disconnect Code=" + code + ", Disconnect Reason=" + reason
            : "";
    return "NodeConnectionStatus[nodeId=%s, state=%s%s, updateId=%d]"
        .formatted(node, state, why, updateId);
  }
}
