package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import java.util.Locale;
import java.util.regex.Pattern;

/** {@code -m mac}: the sender's link-layer address; packets that came by no wire have none. */
record MacMatch(boolean not, String mac) implements Match {

  private static final Pattern MAC = Pattern.compile("[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}");

  static final Extension<Match> EXTENSION =
      Extension.of("mac", MacMatch::of, OptionSpec.match("--mac-source"));

  static Match of(Options options) {
    Options.Value value = options.need("--mac-source");
    String mac = value.word().toLowerCase(Locale.ROOT);
    if (!MAC.matcher(mac).matches()) {
      throw new BadRule("mac: invalid address \"" + value.word() + "\" of --mac-source");
    }
    StringBuilder full = new StringBuilder();
    for (String octet : Splitter.on(':').split(mac)) {
      full.append(full.isEmpty() ? "" : ":").append(octet.length() == 1 ? "0" : "").append(octet);
    }
    return new MacMatch(value.not(), full.toString());
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
