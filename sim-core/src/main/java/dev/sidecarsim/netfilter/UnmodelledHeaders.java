package dev.sidecarsim.netfilter;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Matches of IPv6's extension headers, of which packets here have none, with their options. */
final class UnmodelledHeaders {

  /** IP6T_OPTS_OPTSNR and IP6T_RT_HOPS of the kernel. */
  private static final int MAX = 16;

  /** IPv6's authentication header is no protocol, but may stand before any. */
  private static final Extension<Match> AH =
      Unmodelled.of(
              "ah",
              Unmodelled.match("--ahspi", Forms.partialRange(Numbers.U32)),
              Unmodelled.match("--ahlen", Forms.number(0, Numbers.U32)).unlessZero(),
              Unmodelled.flag("--ahres"))
          .asMatch();

  private static final Extension<Match> FRAGMENT =
      Unmodelled.of(
              "frag",
              Unmodelled.match("--fragid", Forms.partialRange(Numbers.U32)),
              Unmodelled.match("--fraglen", Forms.number(0, Numbers.U32)),
              Unmodelled.flag("--fragres"),
              Unmodelled.flag("--fragfirst"),
              Unmodelled.flag("--fragmore"),
              Unmodelled.flag("--fraglast"))
          .when(options -> Forms.exclude(options, "--fragmore", "--fraglast"))
          .asMatch();

  private static final Extension<Match> ROUTING =
      Unmodelled.of(
              "rt",
              Unmodelled.match("--rt-type", Forms.number(0, Numbers.U32)),
              Unmodelled.match("--rt-segsleft", Forms.partialRange(Numbers.U32)),
              Unmodelled.match("--rt-len", Forms.number(0, Numbers.U32)),
              Unmodelled.flag("--rt-0-res"),
              Unmodelled.value("--rt-0-addrs", UnmodelledHeaders::hops),
              Unmodelled.flag("--rt-0-not-strict"))
          .when(UnmodelledHeaders::checkRouting)
          .asMatch();

  /** By the bit that the kernel has for a header, the highest first: its names and number. */
  private static final ImmutableList<ImmutableList<String>> HEADERS =
      ImmutableList.of(
          ImmutableList.of("hop-by-hop", "hop", "0"),
          ImmutableList.of("ipv6-opts", "dst", "60"),
          ImmutableList.of("ipv6-route", "route", "43"),
          ImmutableList.of("ipv6-frag", "frag", "44"),
          ImmutableList.of("ah", "auth", "51"),
          ImmutableList.of("esp", "50"),
          ImmutableList.of("ipv6-nonxt", "none", "59"),
          ImmutableList.of("protocol", "prot", "255"));

  private static final Extension<Match> ANY_HEADER =
      Unmodelled.of(
              "ipv6header",
              Unmodelled.match("--header", UnmodelledHeaders::headers).must(),
              Unmodelled.flag("--soft"))
          .asMatch();

  /** Types of the mobility header (RFC 6275, 6.1), by the names that libip6t_mh.c has. */
  private static final ImmutableMap<String, Integer> MOBILITY =
      ImmutableMap.<String, Integer>builder()
          .put("binding-refresh-request", 0)
          .put("brr", 0)
          .put("home-test-init", 1)
          .put("hoti", 1)
          .put("careof-test-init", 2)
          .put("coti", 2)
          .put("home-test", 3)
          .put("hot", 3)
          .put("careof-test", 4)
          .put("cot", 4)
          .put("binding-update", 5)
          .put("bu", 5)
          .put("binding-acknowledgement", 6)
          .put("ba", 6)
          .put("binding-error", 7)
          .put("be", 7)
          .buildOrThrow();

  private static final Extension<Match> MOBILE =
      Unmodelled.of("mh", Unmodelled.match("--mh-type", UnmodelledHeaders::types))
          .when(options -> options.needProtocol(135, "-m mh needs -p mh"))
          .asMatch();

  static final ImmutableList<Extension<Match>> ALL =
      ImmutableList.of(
          AH,
          options("dst"),
          Unmodelled.of("eui64").asMatch(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD),
          FRAGMENT,
          options("hbh"),
          ANY_HEADER,
          MOBILE,
          ROUTING,
          segments());

  private UnmodelledHeaders() {}

  private static Extension<Match> options(String name) {
    return Unmodelled.of(
            name,
            Unmodelled.match("--" + name + "-len", Forms.number(0, Numbers.U32)),
            Unmodelled.value("--" + name + "-opts", UnmodelledHeaders::options))
        .asMatch();
  }

  /** {@code 1,2:3}: types of options, perhaps with a length; 255 is none. */
  private static String options(ImmutableList<String> words) {
    List<String> shown = new ArrayList<>();
    for (String option : few(words.get(0))) {
      int colon = option.indexOf(':');
      long type = octet(colon < 0 ? option : option.substring(0, colon));
      long length = colon < 0 ? 255 : octet(option.substring(colon + 1));
      shown.add(length == 255 ? Long.toString(type) : type + ":" + length);
    }
    return Joiner.on(',').join(shown);
  }

  private static List<String> few(String list) {
    List<String> parts = Splitter.on(',').splitToList(list);
    if (parts.size() > MAX) {
      throw new BadRule("too many in \"" + list + "\"; at most " + MAX + " can be given");
    }
    return parts;
  }

  private static long octet(String text) {
    CNumber number = CNumber.read(text, 0, 0);
    if (number.end() != text.length() || number.overflow()) {
      throw new BadRule("\"" + text + "\" is no number of an option");
    }
    return (number.negative() ? -number.value() : number.value()) & 0xff;
  }

  private static String hops(ImmutableList<String> words) {
    List<String> shown = new ArrayList<>();
    for (String hop : few(words.get(0))) {
      IpAddress address = Addresses.numeric(hop, true);
      if (address == null) {
        throw new BadRule("rt: bad address \"" + hop + "\"");
      }
      shown.add(address.toString());
    }
    return Joiner.on(',').join(shown);
  }

  /** What asks for a routing header of type 0 stands behind {@code --rt-type 0}. */
  private static void checkRouting(Options options) {
    List<String> names = options.names();
    Options.Value type = options.get("--rt-type");
    boolean zero = type != null && !type.not() && Numbers.whole(type.word(), 0, 0).isPresent();
    for (String name : ImmutableList.of("--rt-0-res", "--rt-0-addrs")) {
      boolean behind = zero && names.indexOf("--rt-type") < names.indexOf(name);
      if (options.has(name) && !behind) {
        throw new BadRule("rt: --rt-type 0 is required before " + name);
      }
    }
    boolean strict = names.indexOf("--rt-0-addrs") >= names.indexOf("--rt-0-not-strict");
    if (options.has("--rt-0-not-strict") && (!options.has("--rt-0-addrs") || strict)) {
      throw new BadRule("rt: --rt-0-addrs is required before --rt-0-not-strict");
    }
  }

  private static String headers(ImmutableList<String> words) {
    TreeSet<Integer> found = new TreeSet<>();
    for (String word : Splitter.on(',').omitEmptyStrings().split(words.get(0))) {
      int before = found.size();
      for (int i = 0; i < HEADERS.size(); i++) {
        if (HEADERS.get(i).contains(word) && !found.add(i)) {
          before--;
        }
      }
      if (found.size() == before) {
        throw new BadRule("ipv6header: unknown header `" + word + "' specified");
      }
    }
    if (found.isEmpty()) {
      throw new BadRule("ipv6header: cannot parse header names");
    }
    return Joiner.on(',').join(found.stream().map(i -> HEADERS.get(i).get(0)).toList());
  }

  private static @Nullable String types(ImmutableList<String> words) {
    String word = words.get(0);
    int colon = word.indexOf(':');
    String from = colon < 0 ? word : word.substring(0, colon);
    String to = colon < 0 ? word : word.substring(colon + 1);
    int min = colon >= 0 && from.isEmpty() ? 0 : type(from);
    int max = colon >= 0 && to.isEmpty() ? 255 : type(to);
    if (min > max) {
      throw new BadRule("mh: invalid MH type range (min > max): " + word);
    }
    return min == 0 && max == 255 ? null : min == max ? Integer.toString(min) : min + ":" + max;
  }

  /** A name may be cut short; then the first one that begins so counts. */
  private static int type(String word) {
    String name = word.toLowerCase(Locale.ROOT);
    Integer exact = MOBILITY.get(name);
    if (exact != null) {
      return exact;
    }
    for (String known : MOBILITY.keySet()) {
      if (known.startsWith(name)) {
        return MOBILITY.getOrDefault(known, 0);
      }
    }
    OptionalLong number = Numbers.whole(word, 0, 255);
    return (int) number.orElseThrow(() -> new BadRule("mh: invalid MH type `" + word + "'"));
  }

  private static Extension<Match> segments() {
    ImmutableList.Builder<Unmodelled.Field> fields = ImmutableList.builder();
    fields.add(Unmodelled.match("--srh-next-hdr", Forms.number(0, 255)));
    for (String name : ImmutableList.of("hdr-len", "segs-left", "last-entry")) {
      for (String how : ImmutableList.of("eq", "gt", "lt")) {
        fields.add(Unmodelled.match("--srh-" + name + "-" + how, Forms.number(0, 255)));
      }
    }
    fields.add(Unmodelled.match("--srh-tag", Forms.number(0, 65_535)));
    for (String name : ImmutableList.of("psid", "nsid", "lsid")) {
      fields.add(Unmodelled.match("--srh-" + name, UnmodelledHeaders::segment));
    }
    return Unmodelled.of("srh", fields.build().toArray(new Unmodelled.Field[0])).asMatch();
  }

  private static String segment(ImmutableList<String> words) {
    Addresses.Host host = Addresses.hostMask(words.get(0), true);
    return host.address() + "/" + host.mask().prefix();
  }
}
