package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A set of ipset: entries of one or more dimensions.
 *
 * <p>Of several entries that cover a packet the one with the longest prefix speaks, and one marked
 * {@code nomatch} says no.
 */
final class IpSet {

  private static final ImmutableSet<String> DIMENSIONS =
      ImmutableSet.of("ip", "net", "port", "mac", "iface", "mark");

  private final String name;
  private final String type;
  private final ImmutableList<String> dimensions;
  private final boolean v6;
  private final List<Entry> entries = new ArrayList<>();

  /** One line of {@code add}. */
  private record Entry(ImmutableList<Element> elements, boolean nomatch) {
    int prefix() {
      int bits = 0;
      for (Element element : elements) {
        bits += element.prefix();
      }
      return bits;
    }
  }

  /** What an entry asks of one dimension. */
  private interface Element {
    boolean matches(Skb skb, boolean source);

    default int prefix() {
      return 0;
    }
  }

  private record Block(IpAddress from, IpAddress to, int prefix) implements Element {
    @Override
    public boolean matches(Skb skb, boolean source) {
      IpAddress address = source ? skb.packet.src() : skb.packet.dst();
      return address.compareTo(from) >= 0 && address.compareTo(to) <= 0;
    }
  }

  /** Ports of a protocol; -1 for a set of bare ports. */
  private record Ports(int protocol, PortRange range) implements Element {
    @Override
    public boolean matches(Skb skb, boolean source) {
      Packet packet = skb.packet;
      int number = packet.protocol().number();
      if (protocol < 0) {
        return (number == 6 || number == 17)
            && range.contains(source ? packet.sport() : packet.dport());
      }
      Packet.Icmp icmp = packet.icmp();
      int port =
          icmp != null
              ? (icmp.type() << 8) | icmp.code()
              : source ? packet.sport() : packet.dport();
      return number == protocol && range.contains(port);
    }
  }

  private record Word(String dimension, String word) implements Element {
    @Override
    public boolean matches(Skb skb, boolean source) {
      return switch (dimension) {
        case "mac" -> source && skb.sourceMac.equals(word);
        case "iface" -> (source ? skb.in : skb.out).equals(word);
        default -> Long.decode(word) == Integer.toUnsignedLong(skb.mark);
      };
    }
  }

  IpSet(String name, String type, boolean v6) {
    this.name = name;
    this.type = type;
    this.v6 = v6;
    this.dimensions =
        ImmutableList.copyOf(Splitter.on(',').split(type.substring(type.indexOf(':') + 1)));
  }

  String name() {
    return name;
  }

  String type() {
    return type;
  }

  boolean isModelled() {
    return type.indexOf(':') > 0 && DIMENSIONS.containsAll(dimensions);
  }

  /** Adds an entry as {@code ipset add NAME ENTRY} writes it. */
  void add(String text, boolean nomatch) {
    if (!isModelled()) {
      return;
    }
    List<String> parts = Splitter.on(',').splitToList(text);
    if (parts.size() != dimensions.size()) {
      throw new BadRule("set " + name + " of type " + type + " cannot hold '" + text + "'");
    }
    ImmutableList.Builder<Element> elements = ImmutableList.builder();
    for (int i = 0; i < parts.size(); i++) {
      elements.add(element(dimensions.get(i), parts.get(i)));
    }
    entries.add(new Entry(elements.build(), nomatch));
  }

  void remove(String text) {
    IpSet one = new IpSet(name, type, v6);
    one.add(text, false);
    entries.removeIf(entry -> entry.elements().equals(one.entries.get(0).elements()));
  }

  void clear() {
    entries.clear();
  }

  private Element element(String dimension, String text) {
    return switch (dimension) {
      case "ip", "net" -> addresses(text);
      case "port" -> ports(text);
      case "mac" -> new Word(dimension, text.toLowerCase(Locale.ROOT));
      default -> new Word(dimension, text);
    };
  }

  private Element addresses(String text) {
    int dash = text.indexOf('-');
    if (dash > 0) {
      return new Block(
          Addresses.host(text.substring(0, dash), v6),
          Addresses.host(text.substring(dash + 1), v6),
          0);
    }
    AddressMask block = Addresses.network(text, v6);
    IpAddress from = block.address();
    IpAddress to =
        v6
            ? IpAddress.v6(from.high() | ~block.high(), from.low() | ~block.low())
            : IpAddress.v4((int) (from.low() | ~block.low()));
    return new Block(from, to, block.prefix());
  }

  private Element ports(String text) {
    int colon = text.indexOf(':');
    boolean bare = type.startsWith("bitmap:");
    int protocol = colon < 0 ? (bare ? -1 : 6) : Protocols.parse(text.substring(0, colon)).number();
    String range = text.substring(colon + 1).replace('-', ':');
    return new Ports(protocol, range.isEmpty() ? PortRange.ALL : PortRange.parse(range, "tcp"));
  }

  /** Whether a packet is in the set, each dimension looked at from its direction. */
  boolean contains(Skb skb, ImmutableList<String> directions) {
    if (directions.size() < dimensions.size()) {
      return false;
    }
    Entry best = null;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (covers(entry, skb, directions) && (best == null || entry.prefix() > best.prefix())) {
        best = entry;
      }
    }
    return best != null && !best.nomatch();
  }

  private static boolean covers(Entry entry, Skb skb, ImmutableList<String> directions) {
    for (int d = 0; d < entry.elements().size(); d++) {
      if (!entry.elements().get(d).matches(skb, directions.get(d).equals("src"))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return name + " " + type + " " + entries.size() + " entries";
  }
}
