package dev.sidecarsim.netfilter;

import org.jspecify.annotations.Nullable;

/** The answers that REJECT can give, by their names in {@code --reject-with}. */
public enum RejectWith {
  NET_UNREACHABLE("icmp-net-unreachable", 3, 0),
  HOST_UNREACHABLE("icmp-host-unreachable", 3, 1),
  PROTO_UNREACHABLE("icmp-proto-unreachable", 3, 2),
  PORT_UNREACHABLE("icmp-port-unreachable", 3, 3),
  NET_PROHIBITED("icmp-net-prohibited", 3, 9),
  HOST_PROHIBITED("icmp-host-prohibited", 3, 10),
  ADMIN_PROHIBITED("icmp-admin-prohibited", 3, 13),
  V6_NO_ROUTE("icmp6-no-route", 1, 0),
  V6_ADMIN_PROHIBITED("icmp6-adm-prohibited", 1, 1),
  V6_ADDR_UNREACHABLE("icmp6-addr-unreachable", 1, 3),
  V6_PORT_UNREACHABLE("icmp6-port-unreachable", 1, 4),
  V6_POLICY_FAIL("icmp6-policy-fail", 1, 5),
  V6_REJECT_ROUTE("icmp6-reject-route", 1, 6),
  TCP_RESET("tcp-reset", -1, -1);

  private final String word;
  private final int type;
  private final int code;

  RejectWith(String word, int type, int code) {
    this.word = word;
    this.type = type;
    this.code = code;
  }

  /** The ICMP type; -1 for a TCP reset. */
  public int type() {
    return type;
  }

  /** The ICMP code; -1 for a TCP reset. */
  public int code() {
    return code;
  }

  /** Whether the answer is an RST and no ICMP message. */
  public boolean isReset() {
    return this == TCP_RESET;
  }

  /** The answer of this name for an address family, or null. */
  static @Nullable RejectWith of(String word, Family family) {
    for (RejectWith candidate : values()) {
      boolean fits = candidate.isReset() || candidate.word.startsWith("icmp6") == family.v6();
      if (fits && candidate.begins(word, family)) {
        return candidate;
      }
    }
    return null;
  }

  /** The tool takes the beginning of a name, or of its short form, in any case. */
  private boolean begins(String text, Family family) {
    // ip6tables has no short form of a reset
    boolean brief = !(isReset() && family.v6()) && begins(alias(), text);
    return begins(word, text) || brief;
  }

  private static boolean begins(String name, String text) {
    return name.regionMatches(true, 0, text, 0, text.length());
  }

  private String alias() {
    return switch (this) {
      case NET_UNREACHABLE -> "net-unreach";
      case HOST_UNREACHABLE -> "host-unreach";
      case PROTO_UNREACHABLE -> "proto-unreach";
      case PORT_UNREACHABLE -> "port-unreach";
      case NET_PROHIBITED -> "net-prohib";
      case HOST_PROHIBITED -> "host-prohib";
      case ADMIN_PROHIBITED -> "admin-prohib";
      case TCP_RESET -> "tcp-rst";
      case V6_NO_ROUTE -> "no-route";
      case V6_ADMIN_PROHIBITED -> "adm-prohibited";
      case V6_ADDR_UNREACHABLE -> "addr-unreach";
      case V6_PORT_UNREACHABLE -> "port-unreach";
      case V6_POLICY_FAIL -> "policy-fail";
      case V6_REJECT_ROUTE -> "reject-route";
    };
  }

  @Override
  public String toString() {
    return word;
  }
}
