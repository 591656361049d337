package dev.sidecarsim.app.nifi;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A message of the cluster's protocol, or the answer to one.
 *
 * @param sender the pod it comes from, by which reports name the connection
 * @param node who is meant; for a request of a node itself, who sends it
 * @param text what stands in it for people
 * @param statuses of nodes
 */
record Message(
    Type type, String sender, NodeId node, String text, ImmutableList<NodeStatus> statuses) {

  /** ProtocolMessage.MessageType, with answers apart where they say different things. */
  enum Type {
    CONNECTION_REQUEST,
    TRY_LATER,
    REJECTION,
    CONNECTION_RESPONSE,
    HEARTBEAT,
    HEARTBEAT_RESPONSE,
    RECONNECTION_REQUEST,
    RECONNECTION_RESPONSE,
    DISCONNECTION_REQUEST,
    NODE_STATUS_CHANGE
  }

  static Message of(Type type, NodeId node) {
    return new Message(type, "", node, "", ImmutableList.of());
  }

  Message withText(String words) {
    return new Message(type, sender, node, words, statuses);
  }

  Message with(List<NodeStatus> more) {
    return new Message(type, sender, node, text, ImmutableList.copyOf(more));
  }

  Message from(String pod) {
    return new Message(type, pod, node, text, statuses);
  }

  String encode() {
    StringBuilder lines = new StringBuilder();
    lines.append(type).append('\n').append(sender).append('\n');
    lines.append(node.words()).append('\n').append(text);
    statuses.forEach(status -> lines.append('\n').append(status.words()));
    return lines.toString();
  }

  static Message decode(String lines) {
    List<String> all = Splitter.on('\n').splitToList(lines);
    return new Message(
        Type.valueOf(all.get(0)),
        all.get(1),
        NodeId.of(all.get(2)),
        all.get(3),
        all.stream().skip(4).map(NodeStatus::of).collect(ImmutableList.toImmutableList()));
  }
}
