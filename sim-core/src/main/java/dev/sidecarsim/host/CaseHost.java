package dev.sidecarsim.host;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.Conntrack;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.HostView;
import dev.sidecarsim.netfilter.IpSets;
import dev.sidecarsim.netfilter.Netfilter;
import dev.sidecarsim.netfilter.PacketType;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The host of a case, made from its {@code env}. */
final class CaseHost {

  private final Scheduler scheduler = new Scheduler();
  private final IpStack stack;

  CaseHost(JsonObject env) {
    stack = new IpStack(env.string("name", "host"), scheduler, Seed.DEFAULT);
    stack.netfilter().conntrack().setAlwaysOn(true);
    // on the recorded hosts a transparent socket listened wherever a TPROXY rule pointed
    stack.setSocketLookup((packet, among) -> among == HostView.Sockets.ALL);
    try {
      for (Map.Entry<String, Json> device : env.objectOrEmpty("ifaces").members().entrySet()) {
        stack.addInterface(device.getKey(), addresses(device.getValue()), Wire.UNPLUGGED);
      }
      texts(env, "routes").forEach(stack.routes()::add);
      texts(env, "rules").forEach(stack.routes()::addRule);
      stack.netfilter().setIpSets(IpSets.parse(texts(env, "ipset")));
    } catch (IllegalArgumentException e) {
      throw new JsonException(env.location(), "env: " + e.getMessage());
    }
  }

  private static List<InterfaceAddress> addresses(Json value) {
    List<InterfaceAddress> addresses = new ArrayList<>();
    if (!(value instanceof JsonArray list)) {
      throw new IllegalArgumentException("an interface has a list of addresses");
    }
    for (Json item : list.items()) {
      addresses.add(InterfaceAddress.of(text(item)));
    }
    return addresses;
  }

  private static List<String> texts(JsonObject env, String key) {
    List<String> texts = new ArrayList<>();
    env.array(key).forEach(item -> texts.add(text(item)));
    return texts;
  }

  private static String text(Json value) {
    if (value instanceof JsonString text) {
      return text.value();
    }
    throw new IllegalArgumentException("a text is needed, not " + value.type());
  }

  /** Loads a rule set; answers with remarks on lines that were read in another way. */
  ImmutableList<String> load(Family family, String text, boolean lenient) {
    if (lenient) {
      return stack.netfilter().restoreDump(family, text);
    }
    stack.netfilter().restore(family, text);
    return ImmutableList.of();
  }

  void prepare(Consumer<Netfilter> action) {
    action.accept(stack.netfilter());
  }

  /** Reads a packet that this host can send or get. */
  CasePacket packet(Json json) {
    CasePacket packet = CasePacket.of(json);
    if (!packet.out() && stack.device(packet.device()) == null) {
      throw new JsonException(json.location(), "env has no interface " + packet.device());
    }
    return packet;
  }

  /** Sends one packet, or lets it arrive, and waits until it is gone. */
  void put(CasePacket packet, Tracer tracer) {
    prepare(packet);
    if (packet.out()) {
      stack.sendRaw(packet.packet(), packet.owner(), packet.mark(), tracer);
    } else {
      stack.receive(
          packet.device(), packet.packet(), packet.mac(), type(packet), packet.mark(), tracer);
    }
    scheduler.runUntil(scheduler.now() + 4 * IpStack.LOOPBACK_DELAY);
  }

  /** The rules as they are in force, with their counters. */
  String counters(Family family) {
    return stack.netfilter().save(family, true);
  }

  /** The mark of the connection that a packet's addresses belong to. */
  int connectionMark(Packet packet) {
    return stack.netfilter().conntrack().markOf(packet);
  }

  /** The frame of a packet to many is addressed to many. */
  private PacketType type(CasePacket packet) {
    return stack.packetType(packet.packet().dst());
  }

  private void prepare(CasePacket packet) {
    Conntrack conntrack = stack.netfilter().conntrack();
    if (packet.known() != CasePacket.Known.KEEP) {
      conntrack.flush();
    }
    switch (packet.known()) {
      case ESTABLISHED -> conntrack.establish(packet.packet(), packet.connectionMark());
      case REPLY -> conntrack.establishByReply(packet.packet(), packet.connectionMark());
      case RELATED -> {
        Packet.Icmp icmp = packet.packet().icmp();
        Packet quoted = icmp == null ? null : icmp.quoted();
        if (quoted != null) {
          conntrack.establish(quoted, packet.connectionMark());
        }
      }
      case NEW, KEEP -> {}
    }
  }
}
