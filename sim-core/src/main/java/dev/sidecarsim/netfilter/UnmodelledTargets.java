package dev.sidecarsim.netfilter;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.IpAddress;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Targets that iptables 1.8.9 knows and that are not modelled, with their options. Most of them let
 * the packet go on and change nothing that rules here look at: a copy, a counter, a label of
 * SELinux, a TCP option. Of the rest nobody can say what becomes of the packet.
 */
final class UnmodelledTargets {

  private static final ImmutableMap<String, Integer> TCP_OPTIONS =
      ImmutableMap.of(
          "mss", 2, "wscale", 3, "sack-permitted", 4, "sack", 5, "timestamp", 8, "md5", 19);

  private static final Extension<Target> AUDIT =
      Unmodelled.of(
              "AUDIT",
              Unmodelled.value("--type", Forms.oneOfAnyCase("accept", "drop", "reject")).must())
          .asHarmlessTarget();

  private static final Extension<Target> CHECKSUM =
      Unmodelled.of("CHECKSUM", Unmodelled.flag("--checksum-fill").must())
          .when(options -> options.needTable(TableName.MANGLE))
          .asHarmlessTarget();

  private static final Extension<Target> CLASSIFY =
      Unmodelled.of("CLASSIFY", Unmodelled.value("--set-class", Forms.trafficClass()).must())
          .asHarmlessTarget(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING);

  private static final Extension<Target> CONNSECMARK =
      Unmodelled.of("CONNSECMARK", Unmodelled.flag("--save"), Unmodelled.flag("--restore"))
          .when(Options::needOne)
          .when(options -> Forms.exclude(options, "--save", "--restore"))
          .when(options -> options.needTable(TableName.MANGLE, TableName.SECURITY))
          .asHarmlessTarget();

  /** Labels are those of a policy of SELinux, and no policy is known here. */
  private static final Extension<Target> SECMARK =
      Unmodelled.of("SECMARK", Unmodelled.value("--selctx", Forms.bare(256)).must())
          .when(options -> refuse("SECMARK: no policy knows the label"))
          .asHarmlessTarget();

  private static final Extension<Target> IDLETIMER =
      Unmodelled.of(
              "IDLETIMER",
              Unmodelled.value("--timeout", Forms.number(0, Numbers.U32)).must(),
              Unmodelled.value("--label", Forms.bare(28)).must(),
              Unmodelled.flag("--alarm"))
          .when(UnmodelledTargets::checkTimer)
          .asHarmlessTarget();

  private static final Extension<Target> TCPOPTSTRIP =
      Unmodelled.of("TCPOPTSTRIP", Unmodelled.value("--strip-options", UnmodelledTargets::options))
          .when(options -> options.needTable(TableName.MANGLE))
          .when(options -> options.needProtocol(6, "TCPOPTSTRIP needs -p tcp"))
          .asHarmlessTarget();

  private static final Extension<Target> ECN =
      Unmodelled.of(
              "ECN",
              Unmodelled.flag("--ecn-tcp-remove"),
              Unmodelled.value("--ecn-tcp-ece", Forms.number(0, 1)),
              Unmodelled.value("--ecn-tcp-cwr", Forms.number(0, 1)),
              Unmodelled.value("--ecn-ip-ect", Forms.number(0, 3)))
          .when(Options::needOne)
          .when(options -> options.needTable(TableName.MANGLE))
          .when(UnmodelledTargets::needTcpForFlags)
          .asTarget();

  private static final Unmodelled NFQUEUE =
      Unmodelled.of(
              "NFQUEUE",
              Unmodelled.value("--queue-num", Forms.number(0, 65535)),
              Unmodelled.value("--queue-balance", UnmodelledTargets::queues),
              Unmodelled.flag("--queue-bypass"),
              Unmodelled.flag("--queue-cpu-fanout"))
          .when(options -> Forms.exclude(options, "--queue-num", "--queue-balance"))
          .when(options -> Forms.require(options, "--queue-cpu-fanout", "--queue-balance"));

  private static final Unmodelled SET =
      Unmodelled.of(
              "SET",
              set("--add-set"),
              set("--del-set"),
              set("--map-set"),
              Unmodelled.flag("--exist"),
              Unmodelled.value("--timeout", Forms.number(0, Numbers.U32 - 1)),
              Unmodelled.flag("--map-mark"),
              Unmodelled.flag("--map-prio"),
              Unmodelled.flag("--map-queue"))
          .when(UnmodelledTargets::checkSets);

  private static final Extension<Target> SYNPROXY =
      Unmodelled.of(
              "SYNPROXY",
              Unmodelled.flag("--sack-perm"),
              Unmodelled.flag("--timestamp"),
              Unmodelled.value("--wscale", Forms.lowBits(0xff)),
              Unmodelled.value("--mss", Forms.lowBits(0xffff)),
              Unmodelled.flag("--ecn"))
          .when(options -> options.needProtocol(6, "SYNPROXY needs -p tcp"))
          .asTarget(Hook.INPUT, Hook.FORWARD);

  /** Those of both address families. */
  static final ImmutableList<Extension<Target>> ALL =
      ImmutableList.of(
          AUDIT,
          CHECKSUM,
          CLASSIFY,
          CONNSECMARK,
          HashMark.EXTENSION,
          IDLETIMER,
          NFQUEUE.extension(UnmodelledTargets::nfqueue),
          RateEstimator.EXTENSION,
          SECMARK,
          SET.extension(UnmodelledTargets::set),
          SYNPROXY,
          TCPOPTSTRIP,
          Unmodelled.of("TRACE")
              .when(options -> options.needTable(TableName.RAW))
              .asHarmlessTarget());

  static final ImmutableList<Extension<Target>> V4 = ImmutableList.of(ECN, tee(false));
  static final ImmutableList<Extension<Target>> V6 =
      ImmutableList.of(
          tee(true),
          prefix("SNPT", Hook.INPUT, Hook.POSTROUTING),
          prefix("DNPT", Hook.PREROUTING, Hook.OUTPUT));

  private UnmodelledTargets() {}

  private static void refuse(String reason) {
    throw new KernelRefusal(reason);
  }

  /** What idletimer_tg_check() of the kernel refuses; the label becomes a file's name. */
  private static void checkTimer(Options options) {
    long timeout = options.number("--timeout", 0, 0, Numbers.U32);
    String label = options.word("--label", "");
    if (timeout == 0 || timeout >= Integer.MAX_VALUE / 1000) {
      throw new KernelRefusal("IDLETIMER: a timeout is 1 to 2147482 seconds, not " + timeout);
    }
    if (label.isEmpty() || label.indexOf('/') >= 0 || label.matches("\\.{1,2}")) {
      throw new KernelRefusal("IDLETIMER: \"" + label + "\" can be no file's name");
    }
  }

  private static @Nullable String device(ImmutableList<String> words) {
    String name = Forms.cut(words.get(0), 16);
    return name.isEmpty() ? null : name;
  }

  private static String gateway(String word, boolean v6) {
    IpAddress address = Addresses.host(word, v6);
    if (address.isAny()) {
      throw new KernelRefusal("TEE: the gateway is no machine's address");
    }
    return address.toString();
  }

  /** Prefixes of at most 64 bits take each other's place, without connection tracking. */
  private static Extension<Target> prefix(String name, Hook... hooks) {
    return Unmodelled.of(
            name,
            Unmodelled.value("--src-pfx", UnmodelledTargets::prefix).must(),
            Unmodelled.value("--dst-pfx", UnmodelledTargets::prefix).must())
        .when(options -> options.needTable(TableName.MANGLE))
        .asTarget(hooks);
  }

  private static String prefix(ImmutableList<String> words) {
    Addresses.Host host = Addresses.hostMask(words.get(0), true);
    int length = host.mask().prefix();
    if (length > 64 || !host.mask().address().equals(host.address())) {
      throw new KernelRefusal(words.get(0) + " is no prefix of at most 64 bits");
    }
    return host.address() + "/" + length;
  }

  private static Extension<Target> tee(boolean v6) {
    return Unmodelled.of(
            "TEE",
            Unmodelled.value("--gateway", words -> gateway(words.get(0), v6)).must(),
            Unmodelled.value("--oif", UnmodelledTargets::device))
        .asHarmlessTarget();
  }

  private static void needTcpForFlags(Options options) {
    if (!options.has("--ecn-ip-ect") || options.names().size() > 1) {
      options.needProtocol(6, "ECN needs -p tcp for TCP's flags");
    }
  }

  private static Target nfqueue(Options options) {
    String text = NFQUEUE.text(options);
    boolean plain = !options.has("--queue-num") && !options.has("--queue-balance");
    return new UnknownTarget(
        "NFQUEUE",
        (plain ? " --queue-num 0" : "") + text,
        "a program decides about the packet",
        Unmodelled.ANYWHERE);
  }

  private static String queues(ImmutableList<String> words) {
    String text = String.valueOf(Forms.orderedRange(65535).text(words));
    if (text.indexOf(':') < 0) {
      throw new BadRule("Bad range \"" + words.get(0) + "\" of queues; write one such as 0:3");
    }
    if (text.equals("0:65535")) {
      throw new KernelRefusal("NFQUEUE: the kernel counts the queues in 16 bits");
    }
    return text;
  }

  /** TCP options, printed by number and in their order. */
  private static String options(ImmutableList<String> words) {
    SortedSet<Long> numbers = new TreeSet<>();
    for (String word : Splitter.on(',').split(words.get(0))) {
      Integer named = TCP_OPTIONS.get(word);
      long number =
          named != null ? named : Numbers.parse("TCPOPTSTRIP", "--strip-options", word, 2, 255);
      if (!numbers.add(number)) {
        throw new BadRule("TCPOPTSTRIP: option \"" + word + "\" already specified");
      }
    }
    return Joiner.on(',').join(numbers);
  }

  private static Unmodelled.Field set(String option) {
    return new Unmodelled.Field(OptionSpec.value(option).words(2), Forms.given(), false);
  }

  /** Priorities and queues are those of packets that leave. */
  private static Target set(Options options) {
    boolean leaving = options.has("--map-prio") || options.has("--map-queue");
    return new UnknownTarget(
        "SET",
        SET.text(options),
        "changes of sets are not modelled",
        leaving
            ? ImmutableSet.of(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING)
            : Unmodelled.ANYWHERE);
  }

  private static void checkSets(Options options) {
    boolean some = false;
    for (String option : ImmutableList.of("--add-set", "--del-set", "--map-set")) {
      Options.Value value = options.get(option);
      if (value != null) {
        some = true;
        SetMatch.directions(value.words().get(1));
        SetMatch.find(options, value.words().get(0));
      }
    }
    if (options.has("--map-set")) {
      if (!options.has("--map-mark") && !options.has("--map-prio")) {
        Forms.needOneOf(options, "--map-mark", "--map-queue");
      }
      options.needTable(TableName.MANGLE);
    }
    if (!some) {
      throw new BadRule("SET: one of --add-set, --del-set and --map-set must be given");
    }
  }
}
