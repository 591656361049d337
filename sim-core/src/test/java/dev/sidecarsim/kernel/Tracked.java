package dev.sidecarsim.kernel;

import com.google.common.base.Splitter;
import dev.sidecarsim.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /proc/net/nf_conntrack} holds. */
record Tracked(String text) {

  /** Errors quote datagrams. */
  private static final int UDP = 17;

  private static final Pattern MARK = Pattern.compile(" mark=(\\d+) ");

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
    String wanted = isError(packet) ? answerToQuoted(packet) : tuple(packet);
    int protocol = isError(packet) ? UDP : Frames.protocol(packet);
    Pattern line = Pattern.compile("\\S+ +\\d+ \\S+ +" + protocol + " .*" + Pattern.quote(wanted));
    return Splitter.on('\n').splitToStream(text).filter(l -> line.matcher(l).find()).toList();
  }

  private static boolean isError(JsonObject packet) {
    int protocol = Frames.protocol(packet);
    return (protocol == 1 || protocol == 58)
        && Frames.isError(packet.integer("itype", 8, 0, 255), protocol == 58);
  }

  /** What an error quotes is translated already, and so are the addresses of answers. */
  private static String answerToQuoted(JsonObject error) {
    JsonObject quoted =
        Frames.quotedPacket(Frames.address(error, "src"), Frames.address(error, "dst"));
    return "src="
        + long6(quoted, "dst")
        + " dst="
        + long6(quoted, "src")
        + " sport="
        + quoted.integer("dport", 0, 0, 65535)
        + " dport="
        + quoted.integer("sport", 0, 0, 65535)
        + " ";
  }

  private static String tuple(JsonObject packet) {
    String text = "src=" + long6(packet, "src") + " dst=" + long6(packet, "dst");
    int protocol = Frames.protocol(packet);
    if (Frames.hasPorts(protocol)) {
      text += " sport=" + packet.integer("sport", 0, 0, 65535);
      text += " dport=" + packet.integer("dport", 0, 0, 65535);
    }
    boolean icmp = protocol == 1 || protocol == 58;
    return text + (icmp ? " type=" + packet.integer("itype", 8, 0, 255) : "") + " ";
  }

  /** The kernel writes IPv6 addresses in full here. */
  private static String long6(JsonObject packet, String key) {
    var address = Frames.address(packet, key);
    return address.v6()
        ? "%016x%016x".formatted(address.high(), address.low()).replaceAll("(....)(?!$)", "$1:")
        : address.toString();
  }
}
