package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;

/** The matches and targets that rules can name. */
final class Extensions {

  private static final ImmutableMap<String, Extension<Match>> MATCHES =
      matches(
          TcpMatch.EXTENSION,
          PortMatch.extension("udp", 17),
          PortMatch.extension("udplite", 136),
          PortMatch.extension(
              "dccp", 33, OptionSpec.match("--dccp-types"), OptionSpec.match("--dccp-option")),
          PortMatch.extension("sctp", 132, OptionSpec.match("--chunk-types").words(2)),
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
          StatisticMatch.EXTENSION);

  private static final ImmutableMap<String, Extension<Match>> MATCHES_V4 =
      matches(IcmpMatch.V4, TtlMatch.V4);

  private static final ImmutableMap<String, Extension<Match>> MATCHES_V6 =
      matches(IcmpMatch.V6, TtlMatch.V6);

  /** Matches that exist and are not modelled. */
  private static final ImmutableSet<String> OTHER_MATCHES =
      ImmutableSet.of(
          "ah",
          "bpf",
          "cgroup",
          "cluster",
          "connbytes",
          "connlabel",
          "connlimit",
          "cpu",
          "devgroup",
          "dst",
          "ecn",
          "esp",
          "eui64",
          "frag",
          "hbh",
          "helper",
          "ipcomp",
          "ipv6header",
          "ipvs",
          "mh",
          "nfacct",
          "osf",
          "policy",
          "quota",
          "rateest",
          "realm",
          "rpfilter",
          "rt",
          "srh",
          "string",
          "tcpmss",
          "time",
          "u32");

  private static final ImmutableMap<String, Extension<Target>> TARGETS =
      targets(
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
          LogTarget.silent("AUDIT", OptionSpec.value("--type")),
          LogTarget.silent("CHECKSUM", OptionSpec.flag("--checksum-fill")),
          LogTarget.silent("CLASSIFY", OptionSpec.value("--set-class")),
          LogTarget.silent("TRACE"),
          NatTarget.DNAT,
          NatTarget.SNAT,
          NatTarget.REDIRECT,
          NatTarget.MASQUERADE,
          NatTarget.NETMAP);

  private static final ImmutableMap<String, Extension<Target>> TARGETS_V4 = targets(TtlTarget.V4);
  private static final ImmutableMap<String, Extension<Target>> TARGETS_V6 = targets(TtlTarget.V6);

  /** Targets that exist and are not modelled. */
  private static final ImmutableSet<String> OTHER_TARGETS =
      ImmutableSet.of(
          "CLUSTERIP",
          "CONNSECMARK",
          "DNPT",
          "ECN",
          "HMARK",
          "IDLETIMER",
          "LED",
          "NFQUEUE",
          "QUEUE",
          "RATEEST",
          "SECMARK",
          "SET",
          "SNPT",
          "SYNPROXY",
          "TCPOPTSTRIP",
          "TEE");

  private Extensions() {}

  @SafeVarargs
  private static ImmutableMap<String, Extension<Match>> matches(Extension<Match>... all) {
    ImmutableMap.Builder<String, Extension<Match>> byName = ImmutableMap.builder();
    for (Extension<Match> one : all) {
      byName.put(one.name(), one);
    }
    return byName.buildOrThrow();
  }

  @SafeVarargs
  private static ImmutableMap<String, Extension<Target>> targets(Extension<Target>... all) {
    ImmutableMap.Builder<String, Extension<Target>> byName = ImmutableMap.builder();
    for (Extension<Target> one : all) {
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

  static boolean isOtherTarget(String name) {
    return OTHER_TARGETS.contains(name);
  }

  /** Whether no chain may have this name, since a target has it. */
  static boolean isTarget(String name) {
    return TARGETS.containsKey(name)
        || TARGETS_V4.containsKey(name)
        || TARGETS_V6.containsKey(name)
        || OTHER_TARGETS.contains(name)
        || name.equals("ACCEPT")
        || name.equals("DROP")
        || name.equals("RETURN");
  }
}
