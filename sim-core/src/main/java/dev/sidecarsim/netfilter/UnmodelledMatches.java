package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Matches that iptables 1.8.9 knows and that are not modelled, with their options. */
final class UnmodelledMatches {

  private static final Extension<Match> AH =
      protocolMatch("ah", 51, Unmodelled.match("--ahspi", Forms.partialRange(Numbers.U32)));

  private static final Extension<Match> ESP =
      protocolMatch("esp", 50, Unmodelled.match("--espspi", Forms.partialRange(Numbers.U32)));

  private static final Extension<Match> IPCOMP =
      protocolMatch(
          "ipcomp",
          108,
          Unmodelled.match("--ipcompspi", Forms.partialRange(Numbers.U32)).otherwise("0"),
          Unmodelled.flag("--compres"));

  private static final Extension<Match> CONNBYTES =
      Unmodelled.of(
              "connbytes",
              Unmodelled.match("--connbytes", UnmodelledMatches::bytes).must(),
              Unmodelled.value("--connbytes-mode", Forms.oneOf("packets", "bytes", "avgpkt"))
                  .must(),
              Unmodelled.value("--connbytes-dir", Forms.oneOf("original", "reply", "both")).must())
          .asMatch();

  private static final Extension<Match> CPU =
      Unmodelled.of("cpu", Unmodelled.match("--cpu", Forms.number(0, Numbers.U32)).must())
          .asMatch();

  private static final Extension<Match> ECN =
      Unmodelled.of(
              "ecn",
              Unmodelled.negatableFlag("--ecn-tcp-ece"),
              Unmodelled.negatableFlag("--ecn-tcp-cwr"),
              Unmodelled.match("--ecn-ip-ect", Forms.number(0, 3)))
          .when(Options::needOne)
          .when(UnmodelledMatches::needTcpForFlags)
          .asMatch();

  private static final Extension<Match> HELPER =
      Unmodelled.of("helper", Unmodelled.match("--helper", Forms.string(30)).must()).asMatch();

  private static final Extension<Match> QUOTA =
      Unmodelled.of("quota", Unmodelled.match("--quota", Forms.number(0, Numbers.U64)).must())
          .asMatch();

  private static final Extension<Match> REALM =
      Unmodelled.of("realm", Unmodelled.match("--realm", Forms.maskedOr("cosmos")).must())
          .asMatch(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING);

  private static final Extension<Match> TCPMSS =
      Unmodelled.of("tcpmss", Unmodelled.match("--mss", Forms.orderedRange(65535)).must())
          .when(options -> options.needProtocol(6, "-m tcpmss needs -p tcp"))
          .asMatch();

  private static final Extension<Match> U32 =
      Unmodelled.of("u32", Unmodelled.match("--u32", U32Test::text).must()).asMatch();

  private static final Extension<Match> CONNLABEL =
      Unmodelled.of(
              "connlabel",
              Unmodelled.match("--label", UnmodelledMatches::label).must(),
              Unmodelled.flag("--set"))
          .asMatch();

  private static final Extension<Match> OSF =
      Unmodelled.of(
              "osf",
              Unmodelled.match("--genre", Forms.bare(32)).must(),
              Unmodelled.value("--ttl", Forms.number(0, 2)),
              Unmodelled.value("--log", Forms.number(0, 2)))
          .when(options -> options.needProtocol(6, "-m osf needs -p tcp"))
          .asMatch(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD);

  /** Counts for an object, of which nobody says here that it is there. */
  private static final Extension<Match> NFACCT =
      Unmodelled.of("nfacct", Unmodelled.value("--nfacct-name", Forms.bare(32)).must()).asMatch();

  private static final Extension<Match> BPF =
      Unmodelled.of(
              "bpf",
              Unmodelled.value("--bytecode", BpfCode::text),
              Unmodelled.value("--object-pinned", UnmodelledMatches::pinned))
          .when(options -> Forms.exclude(options, "--bytecode", "--object-pinned"))
          .when(options -> Forms.needOneOf(options, "--bytecode", "--object-pinned"))
          .asMatch();

  private static final Unmodelled DEVGROUP =
      Unmodelled.of(
              "devgroup",
              Unmodelled.match("--src-group", Forms.maskedOr("default")),
              Unmodelled.match("--dst-group", Forms.maskedOr("default")))
          .when(Options::needOne);

  private static final Extension<Match> CGROUP =
      Unmodelled.of(
              "cgroup",
              Unmodelled.match("--path", Forms.string(512)),
              Unmodelled.match("--cgroup", Forms.number(0, Numbers.U32)))
          .when(Options::needOne)
          .asMatch(Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING);

  /** Those of both address families. */
  static final ImmutableList<Extension<Match>> ALL =
      ImmutableList.of(
          BPF,
          CGROUP,
          cluster(),
          CONNBYTES,
          CONNLABEL,
          connlimit(),
          CPU,
          DEVGROUP.extension(UnmodelledMatches::devgroup),
          ECN,
          ESP,
          HELPER,
          IPCOMP,
          NFACCT,
          OSF,
          QUOTA,
          StringPattern.EXTENSION,
          TCPMSS,
          TimeMatch.EXTENSION,
          U32);

  static final ImmutableList<Extension<Match>> V4 = ImmutableList.of(AH, REALM);

  /** XT_CLUSTER_NODES_MAX and XT_CONNLABEL_MAXBIT of the kernel. */
  private static final long MAX_NODES = 32;

  private static final int MAX_LABEL = 127;

  private UnmodelledMatches() {}

  private static Extension<Match> protocolMatch(
      String name, int protocol, Unmodelled.Field... fields) {
    return Unmodelled.of(name, fields)
        .when(options -> options.needProtocol(protocol, "-m " + name + " needs -p " + name))
        .asMatch();
  }

  /** {@code --connbytes 1000:2000}; an end that is left out is none. */
  private static String bytes(ImmutableList<String> words) {
    NumberRange given = NumberRange.parse("connbytes", "--connbytes", words.get(0), Numbers.U64);
    long end = given.single() ? Numbers.U64 : given.max();
    if (new NumberRange(given.min(), end, false).isReversed()) {
      throw new BadRule("connbytes: the range " + words.get(0) + " is reversed");
    }
    String from = Long.toUnsignedString(given.min());
    return end == Numbers.U64 ? from : from + ":" + Long.toUnsignedString(end);
  }

  private static String pinned(ImmutableList<String> words) {
    throw new BadRule("bpf: no BPF object is known here, and so none at " + words.get(0));
  }

  private static void needTcpForFlags(Options options) {
    if (options.has("--ecn-tcp-ece") || options.has("--ecn-tcp-cwr")) {
      options.needProtocol(6, "-m ecn needs -p tcp for TCP's flags");
    }
  }

  /** A group of the interface that a packet came by, or will leave by. */
  private static Match devgroup(Options options) {
    List<Hook> hooks = new ArrayList<>(Unmodelled.ANYWHERE);
    if (options.has("--src-group")) {
      hooks.removeAll(ImmutableList.of(Hook.OUTPUT, Hook.POSTROUTING));
    }
    if (options.has("--dst-group")) {
      hooks.removeAll(ImmutableList.of(Hook.PREROUTING, Hook.INPUT));
    }
    String text = DEVGROUP.text(options);
    return new UnknownMatch(
        "devgroup", text, "this match is not modelled", ImmutableSet.copyOf(hooks));
  }

  private static Extension<Match> connlimit() {
    OptionSpec above = OptionSpec.match("--connlimit-above");
    OptionSpec upto = OptionSpec.match("--connlimit-upto");
    return Extension.of(
        "connlimit",
        options -> {
          Forms.exclude(options, "--connlimit-above", "--connlimit-upto");
          Forms.exclude(options, "--connlimit-saddr", "--connlimit-daddr");
          return new UnknownMatch(
              "connlimit", limit(options), "this match is not modelled", Unmodelled.ANYWHERE);
        },
        above,
        upto,
        OptionSpec.value("--connlimit-mask"),
        OptionSpec.flag("--connlimit-saddr"),
        OptionSpec.flag("--connlimit-daddr"));
  }

  private static String limit(Options options) {
    String name = options.has("--connlimit-upto") ? "--connlimit-upto" : "--connlimit-above";
    Options.Value count = options.need(name);
    boolean above = name.endsWith("above") != count.not();
    int width = options.v6() ? 128 : 32;
    return (above ? " --connlimit-above " : " --connlimit-upto ")
        + Numbers.parse("connlimit", name, count.word(), 0, Numbers.U32)
        + " --connlimit-mask "
        + mask(options, width)
        + (options.has("--connlimit-daddr") ? " --connlimit-daddr" : " --connlimit-saddr");
  }

  /** Of a mask with holes every bit counts. */
  private static int mask(Options options, int width) {
    String word = options.word("--connlimit-mask", Integer.toString(width));
    int length = Addresses.maskLength(word, options.v6());
    return length >= 0 ? length : width;
  }

  /** A label by its number, of which the lower 16 bits count; connlabel.conf is not read. */
  private static String label(ImmutableList<String> words) {
    CNumber number = CNumber.read(words.get(0), 0, 0);
    int value = (int) (number.negative() ? -number.value() : number.value());
    if (number.end() != words.get(0).length() || number.overflow() || value < 0) {
      throw new BadRule("connlabel: label '" + words.get(0) + "' not found; write its number");
    }
    if ((value & 0xffff) > MAX_LABEL) {
      throw new KernelRefusal("connlabel: labels are 0 to " + MAX_LABEL);
    }
    return "\"" + (value & 0xffff) + '"';
  }

  private static Extension<Match> cluster() {
    return Extension.of(
        "cluster",
        options ->
            new UnknownMatch(
                "cluster", nodes(options), "this match is not modelled", Unmodelled.ANYWHERE),
        OptionSpec.value("--cluster-total-nodes"),
        OptionSpec.match("--cluster-local-node"),
        OptionSpec.match("--cluster-local-nodemask"),
        OptionSpec.value("--cluster-hash-seed"));
  }

  private static String nodes(Options options) {
    Options.Value seed = options.need("--cluster-hash-seed");
    options.need("--cluster-total-nodes");
    long total = options.number("--cluster-total-nodes", 0, 1, MAX_NODES);
    Forms.exclude(options, "--cluster-local-node", "--cluster-local-nodemask");
    Forms.needOneOf(options, "--cluster-local-node", "--cluster-local-nodemask");
    boolean one = options.has("--cluster-local-node");
    Options.Value local = options.need(one ? "--cluster-local-node" : "--cluster-local-nodemask");
    long number = Numbers.parse("cluster", "--cluster-local-node", local.word(), 1, MAX_NODES);
    long mask = one ? 1L << (number - 1) : number;
    if (mask >= 1L << total) {
      throw new BadRule("cluster: the local node is none of the " + total + " nodes");
    }
    return String.format(
        Locale.ROOT,
        " %s--cluster-local-nodemask 0x%08x --cluster-total-nodes %d --cluster-hash-seed 0x%08x",
        Match.not(local.not()),
        mask,
        total,
        Numbers.parse("cluster", "--cluster-hash-seed", seed.word(), 0, Numbers.U32));
  }
}
