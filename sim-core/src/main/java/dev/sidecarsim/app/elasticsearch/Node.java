package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * Who a node is, as it says of itself.
 *
 * @param pod not of Elasticsearch: for reports only
 * @param id kept with its data
 * @param ephemeralId of this life of its process
 * @param host the address at which it is to be found
 */
record Node(
    String name,
    String pod,
    String id,
    String ephemeralId,
    String host,
    int port,
    NodeRoles roles) {

  String encode() {
    return String.join(
        "|", name, pod, id, ephemeralId, host, Integer.toString(port), roles.encode());
  }

  static Node decode(String text) {
    List<String> parts = Splitter.on('|').splitToList(text);
    return new Node(
        parts.get(0),
        parts.get(1),
        parts.get(2),
        parts.get(3),
        parts.get(4),
        Integer.parseInt(parts.get(5)),
        NodeRoles.decode(parts.get(6)));
  }

  boolean masterEligible() {
    return roles.master();
  }

  String address() {
    return host + ":" + port;
  }

  /** As logs name it, without attributes. */
  @Override
  public String toString() {
    String letters = roles.letters();
    return "{%s}{%s}{%s}{%s}{%s}%s"
        .formatted(
            name, id, ephemeralId, host, address(), letters.isEmpty() ? "" : "{" + letters + "}");
  }
}
