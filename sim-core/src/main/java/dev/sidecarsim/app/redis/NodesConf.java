package dev.sidecarsim.app.redis;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.redis.ClusterNode.Flag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The file {@code nodes.conf}: what a node knows of its cluster, kept over restarts. It holds the
 * addresses that the nodes had, the own one too.
 */
final class NodesConf {

  static final String CURRENT_EPOCH = "currentEpoch";
  static final String VOTED_EPOCH = "lastVoteEpoch";

  private static final String FILE = "nodes.conf";
  private static final String EPOCHS = "vars";

  /** Fields of a line before the slots (clusterLoadConfig). */
  private static final int FIELDS = 8;

  private final Map<String, String> disk;

  NodesConf(Map<String, String> disk) {
    this.disk = disk;
  }

  /** Whether this node has been in a cluster. */
  boolean exists() {
    return disk.containsKey(FILE);
  }

  /** Writes what is known now; a handshake is not. */
  void write(ClusterView view) {
    disk.put(
        FILE,
        view.nodes().stream()
            .filter(node -> !node.is(Flag.HANDSHAKE))
            .map(ClusterNode::savedLine)
            .collect(
                Collectors.joining(
                    "\n",
                    "",
                    "\n%s %s %d %s %d"
                        .formatted(
                            EPOCHS,
                            CURRENT_EPOCH,
                            view.currentEpoch(),
                            VOTED_EPOCH,
                            view.votedEpoch()))));
  }

  /** One of the epochs of the last line; 0 where nothing was written. */
  long epoch(String name) {
    return lines()
        .map(line -> Splitter.on(' ').splitToList(line))
        .filter(words -> words.get(0).equals(EPOCHS))
        .mapToLong(words -> Long.parseLong(words.get(words.indexOf(name) + 1)))
        .findFirst()
        .orElse(0);
  }

  /** The nodes that were known; empty where nothing was written. */
  ImmutableList<ClusterNode> read(long now) {
    return lines()
        .filter(line -> !line.startsWith(EPOCHS))
        .map(line -> node(Splitter.on(' ').splitToList(line), now))
        .collect(ImmutableList.toImmutableList());
  }

  private Stream<String> lines() {
    return Optional.ofNullable(disk.get(FILE)).stream()
        .flatMap(text -> Splitter.on('\n').splitToStream(text));
  }

  private static ClusterNode node(List<String> fields, long now) {
    String address = fields.get(1);
    int at = address.indexOf('@');
    int colon = address.lastIndexOf(':', at);
    int comma = address.indexOf(',');
    int end = comma < 0 ? address.length() : comma;
    ClusterNode node =
        new ClusterNode(
            fields.get(0),
            "",
            address.substring(0, colon),
            Integer.parseInt(address.substring(colon + 1, at)),
            Integer.parseInt(address.substring(at + 1, end)),
            now);
    node.hostname = comma < 0 ? "" : address.substring(comma + 1);
    node.flags.addAll(Flag.of(fields.get(2)));
    node.masterId = fields.get(3);
    node.epoch = Long.parseLong(fields.get(6));
    node.slots.or(Slots.read(String.join(" ", fields.subList(FIELDS, fields.size()))));
    return node;
  }
}
