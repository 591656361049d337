package dev.sidecarsim.app.nifi;

import com.google.common.base.Splitter;
import java.util.Comparator;
import java.util.List;

/**
 * How nodes know each other, by what each says of itself (NodeIdentifier).
 *
 * @param uuid made by the node when it first starts, and kept on its disk
 * @param apiHost where its web port is found
 * @param host where its protocol port is found
 */
record NodeId(String uuid, String pod, String apiHost, int apiPort, String host, int port)
    implements Comparable<NodeId> {

  private static final Comparator<NodeId> ORDER =
      Comparator.comparing(NodeId::toString).thenComparing(NodeId::uuid);

  /** What stands in its nodes in ZooKeeper: where it takes messages. */
  String participant() {
    return host + ":" + port;
  }

  String words() {
    return String.join(" ", uuid, pod, apiHost, "" + apiPort, host, "" + port);
  }

  static NodeId of(String words) {
    List<String> all = Splitter.on(' ').splitToList(words);
    return new NodeId(
        all.get(0),
        all.get(1),
        all.get(2),
        Integer.parseInt(all.get(3)),
        all.get(4),
        Integer.parseInt(all.get(5)));
  }

  @Override
  public int compareTo(NodeId other) {
    return ORDER.compare(this, other);
  }

  /** As NodeIdentifier shows itself. */
  @Override
  public String toString() {
    return apiHost + ":" + apiPort;
  }
}
