package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Matches that iptables 1.8.9 knows and that are not modelled, with their options. */
final class UnmodelledMatches {

  private static final long U64 = Long.MAX_VALUE;
  private static final Pattern NUMBER = Pattern.compile("0[xX][0-9a-fA-F]+|[0-9]+");

  private static final Extension<Match> AH =
      protocolMatch("ah", 51, Unmodelled.match("--ahspi", Forms.partialRange(Numbers.U32)));

  private static final Extension<Match> ESP =
      protocolMatch("esp", 50, Unmodelled.match("--espspi", Forms.partialRange(Numbers.U32)));

  private static final Extension<Match> IPCOMP =
      protocolMatch(
          "ipcomp",
          108,
          Unmodelled.match("--ipcompspi", Forms.partialRange(Numbers.U32)),
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
      Unmodelled.of("helper", Unmodelled.match("--helper", Forms.string()).must()).asMatch();

  private static final Extension<Match> QUOTA =
      Unmodelled.of("quota", Unmodelled.match("--quota", Forms.number(0, U64)).must()).asMatch();

  private static final Extension<Match> REALM =
      Unmodelled.of("realm", Unmodelled.match("--realm", Forms.masked()).must())
          .asMatch(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING);

  private static final Extension<Match> STRING =
      Unmodelled.of(
              "string",
              Unmodelled.match("--string", Forms.quoted()),
              Unmodelled.match("--hex-string", Forms.quoted()),
              Unmodelled.value("--algo", Forms.given()).must(),
              Unmodelled.value("--from", Forms.number(0, 65535)),
              Unmodelled.value("--to", Forms.number(0, 65535)),
              Unmodelled.flag("--icase"))
          .when(options -> Forms.exclude(options, "--string", "--hex-string"))
          .when(options -> Forms.needOneOf(options, "--string", "--hex-string"))
          .asMatch();

  private static final Extension<Match> TCPMSS =
      Unmodelled.of("tcpmss", Unmodelled.match("--mss", Forms.orderedRange(65535)).must())
          .when(options -> options.needProtocol(6, "-m tcpmss needs -p tcp"))
          .asMatch();

  private static final Extension<Match> TIME =
      Unmodelled.of(
              "time",
              Unmodelled.value("--timestart", Forms.given()),
              Unmodelled.value("--timestop", Forms.given()),
              Unmodelled.match("--monthdays", Forms.given()),
              Unmodelled.match("--weekdays", Forms.given()),
              Unmodelled.value("--datestart", Forms.given()),
              Unmodelled.value("--datestop", Forms.given()),
              Unmodelled.flag("--localtz"),
              Unmodelled.flag("--utc"),
              Unmodelled.flag("--kerneltz"),
              Unmodelled.flag("--contiguous"))
          .asMatch();

  private static final Extension<Match> U32 =
      Unmodelled.of("u32", Unmodelled.match("--u32", UnmodelledMatches::u32).must()).asMatch();

  private static final Extension<Match> CONNLABEL =
      Unmodelled.of(
              "connlabel",
              Unmodelled.match("--label", Forms.quoted()).must(),
              Unmodelled.flag("--set"))
          .asMatch();

  private static final Unmodelled DEVGROUP =
      Unmodelled.of(
              "devgroup",
              Unmodelled.match("--src-group", Forms.masked()),
              Unmodelled.match("--dst-group", Forms.masked()))
          .when(Options::needOne);

  private static final Extension<Match> CGROUP =
      Unmodelled.of(
              "cgroup",
              Unmodelled.match("--path", Forms.string()),
              Unmodelled.match("--cgroup", Forms.number(0, Numbers.U32)))
          .when(Options::needOne)
          .asMatch(Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING);

  /** Those of both address families. */
  static final ImmutableList<Extension<Match>> ALL =
      ImmutableList.of(
          CGROUP,
          CONNBYTES,
          CONNLABEL,
          connlimit(),
          CPU,
          DEVGROUP.extension(UnmodelledMatches::devgroup),
          ECN,
          ESP,
          HELPER,
          IPCOMP,
          QUOTA,
          STRING,
          TCPMSS,
          TIME,
          U32);

  static final ImmutableList<Extension<Match>> V4 = ImmutableList.of(AH, REALM);

  /** IPv6's authentication header is no protocol, but may stand before any. */
  private static final Extension<Match> AH6 =
      Unmodelled.of(
              "ah",
              Unmodelled.match("--ahspi", Forms.partialRange(Numbers.U32)),
              Unmodelled.match("--ahlen", Forms.number(0, Numbers.U32)),
              Unmodelled.flag("--ahres"))
          .asMatch();

  static final ImmutableList<Extension<Match>> V6 = ImmutableList.of(AH6);

  private UnmodelledMatches() {}

  private static Extension<Match> protocolMatch(
      String name, int protocol, Unmodelled.Field... fields) {
    return Unmodelled.of(name, fields)
        .when(options -> options.needProtocol(protocol, "-m " + name + " needs -p " + name))
        .asMatch();
  }

  /** {@code --connbytes 1000:2000}; an end that is left out is none. */
  private static String bytes(ImmutableList<String> words) {
    String word = words.get(0);
    String trimmed = word.endsWith(":") ? word.substring(0, word.length() - 1) : word;
    return String.valueOf(Forms.orderedRange(U64).text(ImmutableList.of(trimmed)));
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

  /** Numbers are printed in hexadecimals, without blanks. */
  private static String u32(ImmutableList<String> words) {
    String dense = words.get(0).replace(" ", "");
    if (!dense.matches("[0-9a-fA-FxX&=<>@:,]+") || dense.indexOf('=') < 0) {
      throw new BadRule("u32: \"" + words.get(0) + "\" is no test such as 6&0xFF=1");
    }
    return '"'
        + NUMBER
            .matcher(dense)
            .replaceAll(number -> "0x" + Long.toHexString(Long.decode(number.group())))
        + '"';
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
        + Math.min(width, options.number("--connlimit-mask", width, 0, Numbers.U32))
        + (options.has("--connlimit-daddr") ? " --connlimit-daddr" : " --connlimit-saddr");
  }
}
