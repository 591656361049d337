package dev.sidecarsim.kernel;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.InterfaceAddress;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A namespace of this machine's kernel, set up as a case's {@code env} says. */
final class KernelHost implements AutoCloseable {

  /** Protocols of which a raw socket tells what is delivered. */
  private static final ImmutableList<Integer> PROTOCOLS = ImmutableList.of(6, 17, 47, 50, 132);

  private static final Pattern LINK = Pattern.compile("(?m)^(\\d+): ([^:@]+)");

  /** A port that a rule may send a packet to. */
  private static final Pattern PORT_OF_RULE =
      Pattern.compile("(?:--to-ports |--to-(?:destination|source) \\S*:)(\\d+)\\b");

  private static final int TRIES = 100;
  private static final int IPV4 = 2;
  private static final int IPV6 = 10;

  private final Agent agent;
  private final Map<Integer, String> devices = new LinkedHashMap<>();
  private final Map<String, String> macs = new LinkedHashMap<>();
  private final Set<IpAddress> broadcasts = new HashSet<>(List.of(IpAddress.v4(-1)));
  private final Set<Integer> taken = new HashSet<>();
  private Rules rules = Rules.none(false);

  private KernelHost(Agent agent) {
    this.agent = agent;
  }

  static KernelHost start(JsonObject env) {
    Agent agent = Agent.start();
    try {
      KernelHost host = new KernelHost(agent);
      host.setUp(env);
      return host;
    } catch (RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  private void setUp(JsonObject env) {
    Settings.OF_HOST.forEach(this::set);
    agent.must("run ip link set lo up");
    int number = 1;
    for (Map.Entry<String, Json> device : env.objectOrEmpty("ifaces").members().entrySet()) {
      addDevice(device.getKey(), (JsonArray) device.getValue(), number++);
    }
    for (String route : env.strings("routes")) {
      agent.must("run ip " + (route.contains(":") ? "-6 " : "") + "route add " + route);
    }
    env.strings("rules").forEach(rule -> agent.must("run ip rule add " + rule));
    env.strings("ipset").forEach(set -> agent.must("run ipset " + set));
    Matcher links = LINK.matcher(agent.text("read ip -o link"));
    while (links.find()) {
      devices.put(Integer.parseInt(links.group(1)), links.group(2));
    }
    listen();
    agent.must("log " + Netlink.logFamily(IPV4));
    agent.must("log " + Netlink.logFamily(IPV6));
    agent.must("log " + Netlink.joinLog());
    agent.must("log " + Netlink.configureLog());
    agent.must("sentinel");
    load(Rules.none(false));
    load(Rules.none(true));
    World.MARKS.forEach(this::markFrom);
    Settings.OF_TRACKING.forEach(this::set);
    // what interfaces said when they came up is of no interest
    agent.must("settle");
    env.objectOrEmpty("ifaces").members().forEach((name, all) -> await(name, (JsonArray) all));
  }

  /** Waits until a packet that comes in by an interface is delivered. */
  private void await(String name, JsonArray addresses) {
    if (addresses.items().isEmpty()) {
      return;
    }
    String own = ((JsonString) addresses.items().get(0)).value().replaceAll("/.*", "");
    boolean v6 = own.contains(":");
    JsonObject probe =
        Json.object()
            .put("proto", "udp")
            .put("iface", name)
            .put("src", v6 ? "2001:db8::1" : "192.0.2.1")
            .put("dst", own)
            .put("sport", 1)
            .put("dport", 80)
            .build();
    rules = Rules.none(v6);
    for (int i = 0; i < TRIES; i++) {
      if (put(probe).string("verdict", "").equals("deliver")) {
        return;
      }
      agent.must("run sleep 0.05");
    }
    throw new IllegalStateException("nothing is delivered that comes in by " + name);
  }

  /** Of rules of one priority those come first whose hook was registered last. */
  private void markFrom(int mark) {
    for (String tool : List.of("iptables-nft", "ip6tables-nft")) {
      String sender = " -m mac --mac-source " + World.senderOf(mark);
      agent.must("run " + tool + " -t raw -A PREROUTING" + sender + " -j MARK --set-mark " + mark);
    }
  }

  private void set(String setting) {
    List<String> parts = Splitter.on('=').limit(2).splitToList(setting);
    agent.must("run echo '" + parts.get(1) + "' > /proc/sys/net/" + parts.get(0));
  }

  private void addDevice(String name, JsonArray addresses, int number) {
    agent.must("link " + name);
    macs.put(name, "02:00:00:00:01:0" + number);
    agent.must(
        "run ip link set "
            + name
            + " address "
            + macs.get(name)
            + " arp off addrgenmode none && ip link set "
            + name
            + " up");
    for (Json address : addresses.items()) {
      String text = ((JsonString) address).value();
      boolean v6 = text.contains(":");
      if (InterfaceAddress.of(text).prefix() < 31) {
        broadcasts.add(InterfaceAddress.of(text).subnet().last());
      }
      agent.must("run ip addr add " + text + (v6 ? " nodad" : " brd +") + " dev " + name);
    }
  }

  private void listen() {
    for (int family : new int[] {4, 6}) {
      PROTOCOLS.forEach(protocol -> agent.must("hear " + family + " " + protocol));
      agent.must("hear " + family + " " + (family == 4 ? 1 : 58));
      for (int port : new int[] {15001, 15006, 16006}) {
        agent.must("listen " + family + " 1 " + port + " " + Prologue.LISTENER);
      }
    }
    World.nearPorts().forEach(this::take);
  }

  /** Binds a socket that takes what is delivered, so that the kernel sends no error. */
  private void take(int port) {
    if (port != 0 && taken.add(port)) {
      for (int family : new int[] {4, 6}) {
        agent.must("listen " + family + " 2 " + port + " " + Prologue.LISTENER);
      }
    }
  }

  private void load(Rules none) {
    try {
      tryLoad(none);
    } catch (Agent.Refused e) {
      throw new IllegalStateException("the kernel refused what the test needs: " + none.text(), e);
    }
  }

  /** Loads rules with the legacy tool, in place of all that were there. */
  void tryLoad(Rules wanted) throws Agent.Refused {
    // lists of recent and hashlimit live as long as a rule names them
    restore(Rules.none(wanted.v6()));
    change(wanted);
    agent.must("ask " + Netlink.flush());
  }

  /** Loads rules in place of others, and lets the connections be. */
  void change(Rules wanted) throws Agent.Refused {
    restore(wanted);
    PORT_OF_RULE.matcher(wanted.text()).results().forEach(m -> take(Integer.parseInt(m.group(1))));
    rules = wanted;
  }

  private void restore(Rules wanted) throws Agent.Refused {
    String tool = wanted.v6() ? "ip6tables-legacy-restore" : "iptables-legacy-restore";
    String text = HexFormat.of().formatHex(wanted.text().getBytes(StandardCharsets.UTF_8));
    agent.ask("write " + text + " " + tool);
  }

  /** What the kernel made of a packet, as a verdict of the case format. */
  JsonObject put(JsonObject packet) {
    prepare(packet);
    List<String> events = send(packet);
    Tracked tracked = new Tracked(conntrack());
    return KernelVerdict.of(rules, devices, packet, tracked, events);
  }

  /** What the kernel shows of the connections that it knows. */
  String conntrack() {
    return agent.text("file /proc/net/nf_conntrack");
  }

  private List<String> send(JsonObject packet) {
    HexFormat hex = HexFormat.of();
    byte[] bytes = Frames.packet(packet);
    IpAddress dst = Frames.address(packet, "dst");
    if (packet.string("dir", "in").equals("out")) {
      return agent.must(
          String.join(
              " ",
              "out",
              dst.v6() ? "6" : "4",
              number(packet, "uid"),
              number(packet, "gid"),
              number(packet, "mark"),
              hex.formatHex(Frames.bytes(dst)),
              hex.formatHex(bytes)));
    }
    String device = packet.string("iface", "eth0");
    byte[] from = mac(packet.string("smac", "02:00:00:02:00:01"));
    byte[] frame = Frames.frame(bytes, destination(device, dst), from);
    return agent.must("in " + device + " " + hex.formatHex(frame));
  }

  private static String number(JsonObject packet, String key) {
    return Long.toString(packet.integer(key).orElse(0L));
  }

  private static byte[] mac(String text) {
    return HexFormat.ofDelimiter(":").parseHex(text);
  }

  private byte[] destination(String device, IpAddress dst) {
    if (dst.isMulticast()) {
      return dst.v6() ? mac("33:33:00:00:00:01") : mac("01:00:5e:00:00:01");
    }
    if (broadcasts.contains(dst)) {
      return mac("ff:ff:ff:ff:ff:ff");
    }
    return mac(macs.get(device));
  }

  private void prepare(JsonObject packet) {
    take(packet.integer("sport", 0, 0, 65535));
    take(packet.integer("dport", 0, 0, 65535));
    String known = packet.string("ct", "NEW");
    if (!known.equals("KEEP")) {
      agent.must("ask " + Netlink.flush());
    }
    int mark = (int) (long) packet.integer("connmark").orElse(0L);
    switch (known) {
      case "ESTABLISHED" -> agent.must("ask " + Connections.established(packet, false, mark));
      case "REPLY" -> agent.must("ask " + Connections.established(packet, true, mark));
      case "RELATED" -> {
        JsonObject quoted =
            Frames.quotedPacket(Frames.address(packet, "src"), Frames.address(packet, "dst"));
        agent.must("ask " + Connections.established(quoted, false, mark));
      }
      default -> {}
    }
  }

  @Override
  public void close() {
    agent.close();
  }
}
