package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableMap;
import java.util.Locale;
import java.util.Map;

/** The names that iptables gives ICMP types and codes. */
final class IcmpTypes {

  /** A type and a range of codes. */
  record Type(int type, int minCode, int maxCode) {}

  private static final ImmutableMap<String, String> V4 =
      ImmutableMap.<String, String>builder()
          .put("any", "255")
          .put("echo-reply", "0")
          .put("pong", "0")
          .put("destination-unreachable", "3")
          .put("network-unreachable", "3/0")
          .put("host-unreachable", "3/1")
          .put("protocol-unreachable", "3/2")
          .put("port-unreachable", "3/3")
          .put("fragmentation-needed", "3/4")
          .put("source-route-failed", "3/5")
          .put("network-unknown", "3/6")
          .put("host-unknown", "3/7")
          .put("network-prohibited", "3/9")
          .put("host-prohibited", "3/10")
          .put("tos-network-unreachable", "3/11")
          .put("tos-host-unreachable", "3/12")
          .put("communication-prohibited", "3/13")
          .put("host-precedence-violation", "3/14")
          .put("precedence-cutoff", "3/15")
          .put("source-quench", "4")
          .put("redirect", "5")
          .put("network-redirect", "5/0")
          .put("host-redirect", "5/1")
          .put("tos-network-redirect", "5/2")
          .put("tos-host-redirect", "5/3")
          .put("echo-request", "8")
          .put("ping", "8")
          .put("router-advertisement", "9")
          .put("router-solicitation", "10")
          .put("time-exceeded", "11")
          .put("ttl-exceeded", "11")
          .put("ttl-zero-during-transit", "11/0")
          .put("ttl-zero-during-reassembly", "11/1")
          .put("parameter-problem", "12")
          .put("ip-header-bad", "12/0")
          .put("required-option-missing", "12/1")
          .put("timestamp-request", "13")
          .put("timestamp-reply", "14")
          .put("address-mask-request", "17")
          .put("address-mask-reply", "18")
          .buildOrThrow();

  private static final ImmutableMap<String, String> V6 =
      ImmutableMap.<String, String>builder()
          .put("destination-unreachable", "1")
          .put("no-route", "1/0")
          .put("communication-prohibited", "1/1")
          .put("beyond-scope", "1/2")
          .put("address-unreachable", "1/3")
          .put("port-unreachable", "1/4")
          .put("failed-policy", "1/5")
          .put("reject-route", "1/6")
          .put("packet-too-big", "2")
          .put("time-exceeded", "3")
          .put("ttl-exceeded", "3")
          .put("ttl-zero-during-transit", "3/0")
          .put("ttl-zero-during-reassembly", "3/1")
          .put("parameter-problem", "4")
          .put("bad-header", "4/0")
          .put("unknown-header-type", "4/1")
          .put("unknown-option", "4/2")
          .put("echo-request", "128")
          .put("ping", "128")
          .put("echo-reply", "129")
          .put("pong", "129")
          .put("router-solicitation", "133")
          .put("router-advertisement", "134")
          .put("neighbour-solicitation", "135")
          .put("neighbor-solicitation", "135")
          .put("neighbour-advertisement", "136")
          .put("neighbor-advertisement", "136")
          .put("redirect", "137")
          .buildOrThrow();

  private IcmpTypes() {}

  /** Reads a name, the unambiguous beginning of one, {@code 3} or {@code 3/1}. */
  static Type parse(String text, boolean v6) {
    String found = byName(text.toLowerCase(Locale.ROOT), v6 ? V6 : V4);
    String numbers = found == null ? text : found;
    int slash = numbers.indexOf('/');
    String type = slash < 0 ? numbers : numbers.substring(0, slash);
    int number = (int) Numbers.parse("icmp", "--icmp-type", type, 0, 255);
    if (slash < 0) {
      return new Type(number, 0, 255);
    }
    int code = (int) Numbers.parse("icmp", "--icmp-type", numbers.substring(slash + 1), 0, 255);
    return new Type(number, code, code);
  }

  private static @org.jspecify.annotations.Nullable String byName(
      String text, Map<String, String> names) {
    String exact = names.get(text);
    if (exact != null) {
      return exact;
    }
    String only = null;
    for (Map.Entry<String, String> name : names.entrySet()) {
      if (name.getKey().startsWith(text)) {
        if (only != null && !only.equals(name.getValue())) {
          throw new BadRule("ambiguous ICMP type `" + text + "'; write more of its name");
        }
        only = name.getValue();
      }
    }
    return only;
  }
}
