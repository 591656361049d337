package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Locale;

/** {@code -m mac}: the sender's link-layer address; packets that came by no wire have none. */
record MacMatch(boolean not, String mac) implements Match {

  private static final int OCTETS = 6;

  static final Extension<Match> EXTENSION =
      Extension.of("mac", MacMatch::of, OptionSpec.match("--mac-source"));

  static Match of(Options options) {
    Options.Value value = options.need("--mac-source");
    return new MacMatch(value.not(), address(value.word()));
  }

  /** Each octet as strtoul() of C reads it, of at most two characters. */
  private static String address(String text) {
    List<String> octets = Splitter.on(':').splitToList(text);
    StringBuilder full = new StringBuilder();
    for (String octet : octets) {
      CNumber number = CNumber.read(octet, 0, 16);
      boolean whole = octet.isEmpty() || number.end() == octet.length();
      if (!whole || octet.length() > 2 || octets.size() != OCTETS) {
        throw new BadRule("mac: invalid address \"" + text + "\" of --mac-source");
      }
      long bits = number.negative() ? -number.value() : number.value();
      full.append(full.isEmpty() ? "" : ":");
      full.append(String.format(Locale.ROOT, "%02x", bits & 0xff));
    }
    return full.toString();
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return !skb.sourceMac.isEmpty() && skb.sourceMac.equals(mac) != not;
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return hook == Hook.PREROUTING || hook == Hook.INPUT || hook == Hook.FORWARD;
  }

  @Override
  public String save() {
    return "-m mac " + Match.not(not) + "--mac-source " + mac;
  }
}
