package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.toMillis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.redis.ClusterNode.Flag;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * What {@code CLUSTER INFO}, {@code NODES}, {@code SLOTS}, {@code SHARDS} and {@code LINKS} say.
 */
final class ClusterText {

  private final ClusterBus bus;
  private final ClusterView view;

  ClusterText(ClusterBus bus) {
    this.bus = bus;
    this.view = bus.view();
  }

  String info() {
    List<String> lines = new ArrayList<>();
    lines.add("cluster_state:" + view.state());
    lines.add("cluster_slots_assigned:" + view.slotsOf(node -> true));
    lines.add(
        "cluster_slots_ok:" + view.slotsOf(node -> !node.is(Flag.FAIL) && !node.is(Flag.PFAIL)));
    lines.add("cluster_slots_pfail:" + view.slotsOf(node -> node.is(Flag.PFAIL)));
    lines.add("cluster_slots_fail:" + view.slotsOf(node -> node.is(Flag.FAIL)));
    lines.add("cluster_known_nodes:" + view.nodes().size());
    lines.add("cluster_size:" + view.masters());
    lines.add("cluster_current_epoch:" + view.currentEpoch());
    lines.add("cluster_my_epoch:" + view.servedEpoch(view.myself()));
    bus.links().counts().print(lines);
    if (bus.release().pingExtensions()) {
      lines.add("total_cluster_links_buffer_limit_exceeded:0");
    }
    return String.join("\r\n", lines) + "\r\n";
  }

  String nodes() {
    StringBuilder out = new StringBuilder();
    view.nodes().forEach(node -> out.append(node.line(view.servedEpoch(node))).append('\n'));
    return out.toString();
  }

  // ---- slots

  /** Each range of slots, with its master and the replicas that do not fail. */
  Resp slots() {
    List<Resp> ranges = new ArrayList<>();
    int from = 0;
    while (from < Slots.COUNT) {
      Optional<ClusterNode> owner = view.owner(from);
      int end = from + 1;
      while (end < Slots.COUNT && view.owner(end).equals(owner)) {
        end++;
      }
      int first = from;
      int last = end - 1;
      owner.ifPresent(master -> ranges.add(range(first, last, master)));
      from = end;
    }
    return Resp.array(ranges);
  }

  private Resp range(int first, int last, ClusterNode master) {
    List<Resp> entry = new ArrayList<>(List.of(new Resp.Int(first), new Resp.Int(last)));
    entry.add(slotNode(master));
    view.replicasOf(master).stream()
        .filter(replica -> !replica.is(Flag.FAIL))
        .forEach(replica -> entry.add(slotNode(replica)));
    return Resp.array(entry);
  }

  private Resp slotNode(ClusterNode node) {
    return Resp.array(
        List.of(
            Resp.bulk(endpoint(node)),
            new Resp.Int(node.port),
            Resp.bulk(node.id),
            Resp.command(otherNames(node).toArray(String[]::new))));
  }

  private String endpoint(ClusterNode node) {
    return bus.config().endpoint().of(node);
  }

  /** What the endpoint does not say. */
  private List<String> otherNames(ClusterNode node) {
    List<String> names = new ArrayList<>();
    ClusterConfig.Endpoint type = bus.config().endpoint();
    if (type != ClusterConfig.Endpoint.IP) {
      names.addAll(List.of("ip", node.ip));
    }
    if (type != ClusterConfig.Endpoint.HOSTNAME && !node.hostname.isEmpty()) {
      names.addAll(List.of("hostname", node.hostname));
    }
    return names;
  }

  // ---- shards

  /** Each master with its slots and its replicas. */
  Resp shards() {
    return Resp.array(
        view.nodes().stream()
            .filter(node -> node.is(Flag.MASTER) && !node.is(Flag.HANDSHAKE))
            .map(this::shard)
            .toList());
  }

  private Resp shard(ClusterNode master) {
    List<ClusterNode> members =
        ImmutableList.<ClusterNode>builder().add(master).addAll(view.replicasOf(master)).build();
    return Resp.array(
        List.of(
            Resp.bulk("slots"),
            Resp.array(ranges(master.slots)),
            Resp.bulk("nodes"),
            Resp.array(members.stream().map(this::member).toList())));
  }

  private static List<Resp> ranges(BitSet slots) {
    List<Resp> bounds = new ArrayList<>();
    int from = slots.nextSetBit(0);
    while (from >= 0) {
      int end = slots.nextClearBit(from);
      bounds.add(new Resp.Int(from));
      bounds.add(new Resp.Int(end - 1L));
      from = slots.nextSetBit(end);
    }
    return bounds;
  }

  private Resp member(ClusterNode node) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                "id",
                node.id,
                "port",
                Integer.toString(node.port),
                "ip",
                node.ip,
                "endpoint",
                endpoint(node)));
    if (!node.hostname.isEmpty()) {
      fields.addAll(List.of("hostname", node.hostname));
    }
    fields.addAll(
        List.of(
            "role",
            node.is(Flag.MASTER) ? "master" : "replica",
            "replication-offset",
            Long.toString(node.is(Flag.MYSELF) ? bus.offset() : node.offset),
            "health",
            node.is(Flag.FAIL) ? "fail" : "online"));
    return Resp.command(fields.toArray(String[]::new));
  }

  // ---- links

  /** The two links between this node and each other one. */
  Resp links() {
    List<Resp> links = new ArrayList<>();
    for (ClusterNode node : view.nodes()) {
      if (node.link != null) {
        links.add(link("to", node, node.linkedAt));
      }
      bus.links().from(node).ifPresent(from -> links.add(link("from", node, from.since())));
    }
    return Resp.array(links);
  }

  private static Resp link(String direction, ClusterNode node, long since) {
    return Resp.command(
        "direction",
        direction,
        "node",
        node.id,
        "create-time",
        Long.toString(toMillis(since)),
        "events",
        "r",
        "send-buffer-allocated",
        "0",
        "send-buffer-used",
        "0");
  }
}
