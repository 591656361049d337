package dev.sidecarsim.netfilter;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers for the names of interfaces: two names have the same number only if no pattern tells them
 * apart.
 *
 * <p>A name's number is that of the pattern's own name if it is one of them, else that of the
 * longest beginning that a pattern gives; all shorter ones match it too.
 */
final class DeviceNames {

  /** A character that no name has: "anything that goes on". */
  private static final char MORE = '\0';

  private final List<String> samples = new ArrayList<>(List.of("", String.valueOf(MORE)));

  void add(String pattern) {
    int last = pattern.length() - 1;
    boolean open = pattern.charAt(last) == '+';
    String name = open ? pattern.substring(0, last) : pattern;
    if (!samples.contains(name)) {
      samples.add(name);
    }
    if (open && !samples.contains(name + MORE)) {
      samples.add(name + MORE);
    }
  }

  /** How many numbers there are. */
  int size() {
    return samples.size();
  }

  /** A name with this number. */
  String sample(int number) {
    return samples.get(number);
  }

  int number(String name) {
    int best = 1;
    for (int i = 0; i < samples.size(); i++) {
      String sample = samples.get(i);
      if (sample.equals(name)) {
        return i;
      }
      int length = sample.length() - 1;
      if (length > samples.get(best).length() - 1
          && sample.charAt(length) == MORE
          && name.regionMatches(0, sample, 0, length)) {
        best = i;
      }
    }
    return best;
  }
}
