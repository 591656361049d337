package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The matches and targets that rules can name. */
final class Extensions {

  /** RFC 4340, 5.1. */
  private static final String[] DCCP_TYPES = {
    "REQUEST",
    "RESPONSE",
    "DATA",
    "ACK",
    "DATAACK",
    "CLOSEREQ",
    "CLOSE",
    "RESET",
    "SYNC",
    "SYNCACK",
    "INVALID"
  };

  private static final Extension<Match> DCCP =
      PortMatch.extension(
          "dccp",
          33,
          Unmodelled.match("--dccp-types", Forms.anyOfAnyCase(DCCP_TYPES)),
          Unmodelled.match("--dccp-option", Forms.number(1, 255)));

  private static final Extension<Match> SCTP =
      PortMatch.extension(
          "sctp",
          132,
          new Unmodelled.Field(
              OptionSpec.match("--chunk-types").words(2), SctpChunks::text, false));

  private static final ImmutableMap<String, Extension<Match>> MATCHES =
      named(
          UnmodelledMatches.ALL,
          TcpMatch.EXTENSION,
          PortMatch.extension("udp", 17),
          DCCP,
          SCTP,
          MultiportMatch.EXTENSION,
          StateMatch.EXTENSION,
          ConntrackMatch.EXTENSION,
          MarkMatch.EXTENSION,
          ConnmarkMatch.EXTENSION,
          OwnerMatch.EXTENSION,
          CommentMatch.EXTENSION,
          IpRangeMatch.EXTENSION,
          MacMatch.EXTENSION,
          LengthMatch.EXTENSION,
          TosMatch.EXTENSION,
          DscpMatch.EXTENSION,
          AddrTypeMatch.EXTENSION,
          PktTypeMatch.EXTENSION,
          PhysDevMatch.EXTENSION,
          SocketMatch.EXTENSION,
          SetMatch.EXTENSION,
          LimitMatch.EXTENSION,
          HashLimitMatch.EXTENSION,
          RecentMatch.EXTENSION,
          StatisticMatch.EXTENSION,
          PolicyMatch.EXTENSION,
          ReversePathMatch.EXTENSION);

  private static final ImmutableMap<String, Extension<Match>> MATCHES_V4 =
      named(UnmodelledMatches.V4, IcmpMatch.V4, TtlMatch.V4);

  private static final ImmutableMap<String, Extension<Match>> MATCHES_V6 =
      named(UnmodelledHeaders.ALL, IcmpMatch.V6, TtlMatch.V6);

  /** Matches of which not even the options are known here. */
  private static final ImmutableSet<String> OTHER_MATCHES = ImmutableSet.of("ipvs", "rateest");

  private static final ImmutableMap<String, Extension<Target>> TARGETS =
      named(
          UnmodelledTargets.ALL,
          MarkTarget.EXTENSION,
          ConnmarkTarget.EXTENSION,
          CtTarget.EXTENSION,
          NotrackTarget.EXTENSION,
          RejectTarget.EXTENSION,
          TproxyTarget.EXTENSION,
          TosTarget.EXTENSION,
          DscpTarget.EXTENSION,
          TcpMssTarget.EXTENSION,
          LogTarget.LOG,
          LogTarget.NFLOG,
          NatTarget.DNAT,
          NatTarget.SNAT,
          NatTarget.REDIRECT,
          NatTarget.MASQUERADE,
          NatTarget.NETMAP);

  private static final ImmutableMap<String, Extension<Target>> TARGETS_V4 =
      named(UnmodelledTargets.V4, TtlTarget.V4);
  private static final ImmutableMap<String, Extension<Target>> TARGETS_V6 =
      named(UnmodelledTargets.V6, TtlTarget.V6);

  /** Targets of which not even the options are known here. */
  private static final ImmutableSet<String> OTHER_TARGETS = ImmutableSet.of("LED", "QUEUE");

  private static final ImmutableSet<String> OTHER_TARGETS_V4 = ImmutableSet.of("CLUSTERIP");

  private static final ImmutableSet<String> ABSENT = ImmutableSet.of("ipvs", "LED", "CLUSTERIP");

  private Extensions() {}

  @SafeVarargs
  private static <T> ImmutableMap<String, Extension<T>> named(
      List<Extension<T>> unmodelled, Extension<T>... modelled) {
    ImmutableMap.Builder<String, Extension<T>> byName = ImmutableMap.builder();
    unmodelled.forEach(one -> byName.put(one.name(), one));
    for (Extension<T> one : modelled) {
      byName.put(one.name(), one);
    }
    return byName.buildOrThrow();
  }

  static @Nullable Extension<Match> match(String name, Family family) {
    String wanted =
        family.v6() && (name.equals("ipv6-icmp") || name.equals("icmpv6")) ? "icmp6" : name;
    Extension<Match> found = MATCHES.get(wanted);
    return found != null ? found : (family.v6() ? MATCHES_V6 : MATCHES_V4).get(wanted);
  }

  static boolean isOtherMatch(String name) {
    return OTHER_MATCHES.contains(name);
  }

  static @Nullable Extension<Target> target(String name, Family family) {
    Extension<Target> found = TARGETS.get(name);
    return found != null ? found : (family.v6() ? TARGETS_V6 : TARGETS_V4).get(name);
  }

  /** ULOG left the kernel with release 3.17; old rule sets still name it. */
  static boolean isGoneTarget(String name) {
    return name.equals("ULOG");
  }

  static boolean isOtherTarget(String name, Family family) {
    return OTHER_TARGETS.contains(name) || (!family.v6() && OTHER_TARGETS_V4.contains(name));
  }

  /** Whether the tool knows it and the kernel (Linux 6.18 as Debian's tool meets it) has it not. */
  static boolean isAbsent(String name) {
    return ABSENT.contains(name);
  }

  /** Whether {@code -N} takes no chain of this name, since a target has it. */
  static boolean isTarget(String name, Family family) {
    return target(name, family) != null
        || isOtherTarget(name, family)
        || StandardTarget.of(name) != null
        || (isGoneTarget(name) && !family.v6())
        || name.equals("standard");
  }
}
