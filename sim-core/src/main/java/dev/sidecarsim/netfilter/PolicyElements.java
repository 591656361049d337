package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code -m policy} asks of a packet's IPsec policies: one element behind each {@code --next}.
 */
final class PolicyElements {

  /** XT_POLICY_MAX_ELEM of the kernel. */
  private static final int MAX = 4;

  /** In the order of printing. */
  private static final ImmutableList<String> ORDER =
      ImmutableList.of("--reqid", "--spi", "--proto", "--mode", "--tunnel-dst", "--tunnel-src");

  private final Options options;
  private final List<Map<String, String>> elements =
      new ArrayList<>(List.of(new LinkedHashMap<>()));

  private PolicyElements(Options options) {
    this.options = options;
  }

  /** With a space in front, as iptables-save prints them. */
  static String text(Options options, boolean none) {
    PolicyElements read = new PolicyElements(options);
    options.forEach(read::take);
    read.check(none);
    return none ? "" : read.text();
  }

  private void take(String name, Options.Value value) {
    if (name.equals("--next")) {
      if (elements.size() == MAX) {
        throw new BadRule("policy: at most " + MAX + " elements can be asked for");
      }
      elements.add(new LinkedHashMap<>());
    } else if (ORDER.contains(name)) {
      String text = Match.not(value.not()) + name + " " + shown(name, value.word());
      if (elements.get(elements.size() - 1).put(name, text) != null) {
        throw new BadRule("policy: double " + name + " option");
      }
    }
  }

  private String shown(String name, String word) {
    return switch (name) {
      case "--reqid" -> Long.toString(Numbers.parse("policy", name, word, 0, Numbers.U32));
      case "--spi" -> Numbers.hex((int) Numbers.parse("policy", name, word, 0, Numbers.U32));
      case "--mode" -> mode(word);
      case "--proto" -> protocol(word);
      default -> Addresses.hostMask(word, options.v6()).toString();
    };
  }

  private static String mode(String word) {
    if (!word.equals("tunnel") && !word.equals("transport")) {
      throw new BadRule("policy: --mode is tunnel or transport, not " + word);
    }
    return word;
  }

  private static String protocol(String word) {
    int number = Protocols.parse(word).number();
    if (!Set.of(50, 51, 108).contains(number)) {
      throw new BadRule("policy: --proto is esp, ah or ipcomp, not " + word);
    }
    return new Protocol(number).toString();
  }

  private void check(boolean none) {
    if (none && elements.size() > 1) {
      throw new BadRule("policy: --pol none but policies are given");
    }
    for (Map<String, String> element : elements) {
      if (!none && options.has("--strict") && element.isEmpty()) {
        throw new BadRule("policy: an element of --strict must ask for reqid, spi, proto or mode");
      }
      boolean tunnel = element.getOrDefault("--mode", "").endsWith(" tunnel");
      boolean ends = element.containsKey("--tunnel-src") || element.containsKey("--tunnel-dst");
      if (!none && ends && !tunnel) {
        throw new BadRule("policy: --tunnel-src and --tunnel-dst need --mode tunnel");
      }
    }
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < elements.size(); i++) {
      out.append(i == 0 ? "" : " --next");
      for (String name : ORDER) {
        String text = elements.get(i).get(name);
        out.append(text == null ? "" : " " + text);
      }
    }
    return out.toString();
  }
}
