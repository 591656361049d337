package dev.sidecarsim.net;

import com.google.common.collect.ImmutableBiMap;
import java.util.Locale;

/**
 * An IP protocol by number, printed by the name that {@code /etc/protocols} gives it.
 *
 * @param number 0 to 255, as assigned by IANA
 */
public record Protocol(int number) {

  /** Names of {@code /etc/protocols} (Debian's netbase). */
  private static final ImmutableBiMap<String, Integer> NAMES =
      ImmutableBiMap.<String, Integer>builder()
          .put("icmp", 1)
          .put("igmp", 2)
          .put("ggp", 3)
          .put("ipencap", 4)
          .put("st", 5)
          .put("tcp", 6)
          .put("egp", 8)
          .put("igp", 9)
          .put("pup", 12)
          .put("udp", 17)
          .put("hmp", 20)
          .put("xns-idp", 22)
          .put("rdp", 27)
          .put("iso-tp4", 29)
          .put("dccp", 33)
          .put("xtp", 36)
          .put("ddp", 37)
          .put("idpr-cmtp", 38)
          .put("ipv6", 41)
          .put("ipv6-route", 43)
          .put("ipv6-frag", 44)
          .put("idrp", 45)
          .put("rsvp", 46)
          .put("gre", 47)
          .put("esp", 50)
          .put("ah", 51)
          .put("skip", 57)
          .put("ipv6-icmp", 58)
          .put("ipv6-nonxt", 59)
          .put("ipv6-opts", 60)
          .put("rspf", 73)
          .put("vmtp", 81)
          .put("eigrp", 88)
          .put("ospf", 89)
          .put("ax.25", 93)
          .put("ipip", 94)
          .put("etherip", 97)
          .put("encap", 98)
          .put("pim", 103)
          .put("ipcomp", 108)
          .put("vrrp", 112)
          .put("l2tp", 115)
          .put("isis", 124)
          .put("sctp", 132)
          .put("fc", 133)
          .put("mobility-header", 135)
          .put("udplite", 136)
          .put("mpls-in-ip", 137)
          .put("manet", 138)
          .put("hip", 139)
          .put("shim6", 140)
          .put("wesp", 141)
          .put("rohc", 142)
          .put("ethernet", 143)
          .buildOrThrow();

  public static final Protocol ICMP = new Protocol(1);
  public static final Protocol TCP = new Protocol(6);
  public static final Protocol UDP = new Protocol(17);
  public static final Protocol ICMPV6 = new Protocol(58);
  public static final Protocol SCTP = new Protocol(132);

  public Protocol {
    if (number < 0 || number > 255) {
      throw new IllegalArgumentException("a protocol is a number from 0 to 255, not " + number);
    }
  }

  /**
   * Reads a name in any case, or a number.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static Protocol of(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    Integer number = name.equals("icmpv6") ? (Integer) 58 : NAMES.get(name);
    if (number != null) {
      return new Protocol(number);
    }
    try {
      return new Protocol(Integer.parseInt(name));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no protocol; write a name such as tcp or a number from 0 to 255", e);
    }
  }

  /** Whether packets of this protocol carry ports. */
  public boolean hasPorts() {
    return number == 6 || number == 17 || number == 132 || number == 33 || number == 136;
  }

  @Override
  public String toString() {
    String name = NAMES.inverse().get(number);
    return name == null ? Integer.toString(number) : name;
  }
}
