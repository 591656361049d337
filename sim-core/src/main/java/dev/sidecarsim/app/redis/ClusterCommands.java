package dev.sidecarsim.app.redis;

import dev.sidecarsim.app.redis.ClusterNode.Flag;
import dev.sidecarsim.net.IpAddress;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code CLUSTER …}. */
final class ClusterCommands {

  private static final Set<String> WITH_KEY = Set.of("GET", "SET");

  private ClusterCommands() {}

  /** MOVED, or why the key cannot be served; empty if it is served here. */
  static Optional<Resp> redirect(ClusterBus bus, String command, List<String> arguments) {
    ClusterView view = bus.view();
    if (!WITH_KEY.contains(command) || arguments.isEmpty()) {
      return Optional.empty();
    }
    int slot = Slots.of(arguments.get(0));
    Optional<ClusterNode> owner = view.owner(slot);
    if (owner.isEmpty()) {
      return Optional.of(Resp.error("CLUSTERDOWN Hash slot not served"));
    }
    if (view.okSince().isEmpty()) {
      return Optional.of(Resp.error("CLUSTERDOWN The cluster is down"));
    }
    return owner
        .filter(node -> !node.is(Flag.MYSELF))
        .map(
            node ->
                Resp.error(
                    "MOVED %d %s:%d".formatted(slot, bus.config().endpoint().of(node), node.port)));
  }

  static Resp answer(ClusterBus bus, List<String> arguments) {
    String name = arguments.isEmpty() ? "" : arguments.get(0).toUpperCase(Locale.ROOT);
    List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
    try {
      return switch (name) {
        case "INFO" -> Resp.bulk(new ClusterText(bus).info());
        case "NODES" -> Resp.bulk(new ClusterText(bus).nodes());
        case "SLOTS" -> new ClusterText(bus).slots();
        case "SHARDS", "LINKS" -> since70(bus, name);
        case "MYID" -> Resp.bulk(bus.view().myself().id);
        case "KEYSLOT" -> new Resp.Int(Slots.of(rest.get(0)));
        case "MEET" -> meet(bus, rest);
        case "ADDSLOTS" -> addSlots(bus, rest);
        case "ADDSLOTSRANGE" -> addSlots(bus, List.of(rest.get(0) + "-" + rest.get(1)));
        case "SET-CONFIG-EPOCH" -> epoch(bus, rest);
        case "REPLICATE" -> replicate(bus, rest);
        default -> Resp.error("ERR unknown subcommand '" + name + "'; this model does not have it");
      };
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return Resp.error("ERR wrong arguments for CLUSTER " + name);
    }
  }

  private static Resp since70(ClusterBus bus, String name) {
    if (!bus.release().pingExtensions()) {
      return Resp.error(
          "ERR unknown subcommand '%s'. Try CLUSTER HELP."
              .formatted(name.toLowerCase(Locale.ROOT)));
    }
    ClusterText text = new ClusterText(bus);
    return name.equals("SHARDS") ? text.shards() : text.links();
  }

  private static Resp meet(ClusterBus bus, List<String> rest) {
    int port = Integer.parseInt(rest.get(1));
    int busPort = rest.size() > 2 ? Integer.parseInt(rest.get(2)) : port + RedisConfig.BUS_OFFSET;
    if (!IpAddress.isLiteral(rest.get(0))) {
      return Resp.error("ERR Invalid node address specified: " + rest.get(0) + ":" + port);
    }
    bus.meet(rest.get(0), port, busPort);
    return Resp.ok();
  }

  private static Resp addSlots(ClusterBus bus, List<String> ranges) {
    BitSet wanted = Slots.read(String.join(" ", ranges));
    for (int slot = wanted.nextSetBit(0); slot >= 0; slot = wanted.nextSetBit(slot + 1)) {
      if (bus.view().owner(slot).isPresent()) {
        return Resp.error("ERR Slot " + slot + " is already busy");
      }
    }
    bus.view().myself().slots.or(wanted);
    return Resp.ok();
  }

  private static Resp epoch(ClusterBus bus, List<String> rest) {
    bus.view().epoch(Long.parseLong(rest.get(0)));
    bus.log().warning("configEpoch set to " + rest.get(0) + " via CLUSTER SET-CONFIG-EPOCH");
    return Resp.ok();
  }

  private static Resp replicate(ClusterBus bus, List<String> rest) {
    ClusterNode master = bus.view().find(rest.get(0)).orElse(null);
    if (master == null) {
      return Resp.error("ERR Unknown node " + rest.get(0));
    }
    if (master.is(Flag.SLAVE)) {
      return Resp.error("ERR I can only replicate a master, not a replica.");
    }
    bus.replicate(master);
    return Resp.ok();
  }
}
