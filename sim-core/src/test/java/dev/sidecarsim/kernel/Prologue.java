package dev.sidecarsim.kernel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rules that stand before a case's own ones, for the kernel and the model alike: they let the
 * kernel tell what it does, and keep its own sockets silent.
 */
final class Prologue {

  /** Owner of the sockets that listen, whose answers nobody asked for. */
  static final int LISTENER = 4_000_004;

  /** A socket of the kernel's own exists and belongs to nobody. */
  private static final String KERNEL_SOCKET =
      "-m owner --socket-exists ! --uid-owner 0-4294967294 -j DROP";

  private static final ImmutableList<String> RAW_IN =
      ImmutableList.of("-p 253 -j NFLOG --nflog-prefix sentinel", "-p 253 -j DROP", "-j TRACE");
  private static final ImmutableList<String> RAW_OUT =
      ImmutableList.of(
          "-m owner --uid-owner " + LISTENER + " -j DROP",
          "-p tcp -m tcp --tcp-flags RST RST " + KERNEL_SOCKET,
          "-p icmp -m icmp --icmp-type 14 " + KERNEL_SOCKET,
          "-j TRACE");
  private static final ImmutableList<String> STATES =
      ImmutableList.of("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED");

  /** Of these rules each packet meets one, which tells what connection tracking made of it. */
  private static final ImmutableList<String> STATE_RULES =
      STATES.stream()
          .map(state -> "-m conntrack --ctstate " + state)
          .collect(ImmutableList.toImmutableList());

  private static final ImmutableMap<String, ImmutableList<String>> CHAINS =
      ImmutableMap.of(
          "raw:PREROUTING", RAW_IN,
          "raw:OUTPUT", RAW_OUT,
          "mangle:PREROUTING", STATE_RULES,
          "mangle:OUTPUT", STATE_RULES);

  private Prologue() {}

  /** TCP of IPv6 answers without a socket; unlike REJECT it does so outside every connection. */
  private static final ImmutableMap<String, String> OF_IPV6 =
      ImmutableMap.of(
          RAW_OUT.get(1),
          "-p tcp -m tcp --tcp-flags RST RST -m owner ! --socket-exists"
              + " -m conntrack --ctstate INVALID -j DROP",
          RAW_OUT.get(2),
          "-p icmpv6 -m icmp6 --icmpv6-type 143 -j DROP");

  static List<String> of(String table, String chain, boolean v6) {
    List<String> rules = new ArrayList<>();
    for (String rule : CHAINS.getOrDefault(table + ":" + chain, ImmutableList.of())) {
      rules.add(v6 ? OF_IPV6.getOrDefault(rule, rule) : rule);
    }
    return rules;
  }

  /** Whether a line of a trace is there before TRACE speaks, so that only the model has it. */
  static boolean isBeforeTrace(String place) {
    return place.matches("raw:PREROUTING:[1-3]|raw:OUTPUT:[1-4]");
  }

  /** The state that a line of a trace tells of; empty if it is another rule's. */
  static Optional<String> state(String place) {
    return place.matches("mangle:(PREROUTING|OUTPUT):[1-5]")
        ? Optional.of(STATES.get(place.charAt(place.length() - 1) - '1'))
        : Optional.empty();
  }
}
