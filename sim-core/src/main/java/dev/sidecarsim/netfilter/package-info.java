/**
 * The tables of a host: what a packet meets at each hook, and what connection tracking knows of it.
 *
 * <pre>
 *               raw   conntrack  mangle   nat    filter  security   nat    conntrack
 *   PREROUTING   1        2         3      4
 *   INPUT                           1               2        3       4    5 (confirm)
 *   FORWARD                         1               2        3
 *   OUTPUT       1        2         3*     4*       5        6
 *   POSTROUTING                     1      2                              3 (confirm)
 *                                   * then routed anew, if the packet changed
 *
 *   text ── SaveReader ── LineReader ──▶ RuleDraft ──▶ TableBuilder ──▶ Ruleset (immutable)
 *           a table       a command      a rule                              │ Netfilter.load
 *                                                                            ▼
 *   Verdict ◀── Walk ◀── LoadedTable: counters, limits            SavePrinter ──▶ text
 *             │ └──▶ steps for a Tracer
 *             └──── Path ◀── TableProgram ◀── Tier: what is hot
 * </pre>
 *
 * <p>{@link dev.sidecarsim.netfilter.Netfilter} holds what is in force on one host. A packet
 * travels as an {@link dev.sidecarsim.netfilter.Skb}: its bytes, and what the kernel knows beside
 * them. One walk decides and explains; when nobody listens, it makes no object. A table that many
 * packets have walked is compiled: for each combination of intervals that its rules can tell apart,
 * one sample walks, and the rules that it meets are kept as the path of all packets alike. What a
 * sample cannot say (limits, sets, what is not modelled) is asked of the packet, in its place.
 *
 * <p>Rule sets are accepted and refused as legacy iptables-restore 1.8.9 does it, and evaluated as
 * the kernel does for them. Three things are kinder: the last line may lack its line break, what
 * the kernel refuses is named by its rule and not by the COMMIT, and {@code -V} and {@code -h}, at
 * which the tool stops in silence, are refused. Refused, too, are {@code -p mptcp}, which no packet
 * can be, and zones of IPv6 addresses by the name of an interface other than lo.
 *
 * <p>iptables-nft differs in a few places: it consults {@code security} after {@code nat} in INPUT,
 * takes {@code ! --dport 0:65535} for any port, joins {@code ! --sport A ! --dport B} into one
 * comparison, and stops at sixteen nested chains.
 *
 * <p>Not modelled: conntrack helpers and expectations, sequence numbers in connection tracking (a
 * segment out of the window belongs to its connection, as with be_liberal=1), chunks of SCTP but
 * the one that opens an association, fragments (with connection tracking on, no rule ever sees
 * one), TCP options, IPsec, {@code -m socket} with {@code --transparent} or {@code
 * --restore-skmark}, the bridge's own hooks. A rule that asks for something not modelled keeps its
 * text, and a packet whose fate hangs on it gets the verdict UNKNOWN.
 *
 * <p>About the rest the kernel of the machine that builds it is asked, at random, but for what
 * takes time to pass (limits, lists of recent, time-outs), the sockets of TCP calls, which port is
 * drawn where the kernel draws one, and what a host hears of its own multicasts in IPv6.
 */
@NullMarked
package dev.sidecarsim.netfilter;

import org.jspecify.annotations.NullMarked;
