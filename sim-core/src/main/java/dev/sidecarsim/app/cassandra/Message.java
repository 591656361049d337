package dev.sidecarsim.app.cassandra;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.Collection;
import java.util.List;

/**
 * A message of gossip, a line for each of its parts.
 *
 * @param type SYN, ACK, SHADOW, ECHO or ECHOED
 * @param cluster the sender's {@code cluster_name}
 * @param states what it tells of nodes; none in the shadow round
 */
record Message(String type, String cluster, ImmutableList<EndpointState> states) {

  static final String ECHO = "ECHO\n";
  static final String ECHOED = "ECHOED\n";

  static String of(String type, String cluster, Collection<EndpointState> states) {
    StringBuilder out = new StringBuilder(type).append('\n').append(cluster);
    states.forEach(state -> out.append('\n').append(state.encode()));
    return out.toString();
  }

  static Message decode(String text) {
    List<String> lines = Splitter.on('\n').splitToList(text);
    return new Message(
        lines.get(0),
        lines.get(1),
        lines.stream().skip(2).map(EndpointState::decode).collect(ImmutableList.toImmutableList()));
  }
}
