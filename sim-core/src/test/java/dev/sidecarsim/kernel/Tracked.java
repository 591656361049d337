package dev.sidecarsim.kernel;

import com.google.common.base.Splitter;
import dev.sidecarsim.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /proc/net/nf_conntrack} holds. */
record Tracked(String text) {

  private static final Pattern MARK = Pattern.compile(" mark=(\\d+) ");

  boolean knows(JsonObject packet) {
    return !lines(packet).isEmpty();
  }

  /** Whether several connections, in zones of their own, have a packet's addresses and ports. */
  boolean isAmbiguous(JsonObject packet) {
    return lines(packet).size() > 1;
  }

  /** The mark of the one connection of a packet's addresses and ports, unless it is 0. */
  Optional<Long> markOf(JsonObject packet) {
    List<String> lines = lines(packet);
    Matcher mark = MARK.matcher(lines.isEmpty() ? "" : lines.get(0));
    return lines.size() == 1 && mark.find()
        ? Optional.of(Long.valueOf(mark.group(1))).filter(value -> value != 0)
        : Optional.empty();
  }

  private List<String> lines(JsonObject packet) {
    String wanted = tuple(packet);
    return Splitter.on('\n').splitToList(text).stream().filter(l -> l.contains(wanted)).toList();
  }

  private static String tuple(JsonObject packet) {
    JsonObject about = packet;
    int type = packet.integer("itype", 8, 0, 255);
    boolean icmp = Frames.protocol(packet) == 1 || Frames.protocol(packet) == 58;
    if (icmp && Frames.isError(type, Frames.address(packet, "src").v6())) {
      about = Frames.quotedPacket(Frames.address(packet, "src"), Frames.address(packet, "dst"));
    }
    String text = "src=" + long6(about, "src") + " dst=" + long6(about, "dst");
    if (Frames.hasPorts(Frames.protocol(about))) {
      text += " sport=" + about.integer("sport", 0, 0, 65535);
      text += " dport=" + about.integer("dport", 0, 0, 65535);
    }
    return text + (icmp && about.equals(packet) ? " type=" + type : "") + " ";
  }

  /** The kernel writes IPv6 addresses in full here. */
  private static String long6(JsonObject packet, String key) {
    var address = Frames.address(packet, key);
    return address.v6()
        ? "%016x%016x".formatted(address.high(), address.low()).replaceAll("(....)(?!$)", "$1:")
        : address.toString();
  }
}
