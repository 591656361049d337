package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.net.Endpoint;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The names of a dump's listeners, and which of them a mistyped one may have meant. */
final class DumpNames {

  private static final int SUGGESTIONS = 3;

  private DumpNames() {}

  /** A listener's own name, else ADDRESS_PORT. */
  static String of(ProtoMessage listener) {
    String own = ListenerReader.nameOf(listener);
    List<Endpoint> addresses = ListenerReader.addresses(listener);
    return own.isEmpty() && !addresses.isEmpty()
        ? addresses.get(0).address() + "_" + addresses.get(0).port()
        : own;
  }

  /** Whether a listener is called so; one without a name also by ADDRESS:PORT, as Envoy logs it. */
  static boolean isOf(ProtoMessage listener, String name) {
    return of(listener).equals(name)
        || (ListenerReader.nameOf(listener).isEmpty()
            && ListenerReader.addresses(listener).stream()
                .findFirst()
                .map(Endpoint::toString)
                .filter(name::equals)
                .isPresent());
  }

  /** The fault of a name that no listener in service has. */
  static InputException missing(
      String name, ImmutableSet<String> names, ImmutableSet<String> notInService) {
    String why =
        notInService.contains(name)
            ? "listener '" + name + "' is not in service: Envoy refused it, or it warms or drains"
            : "there is no listener '" + name + "'";
    String nearest =
        names.stream()
            .sorted(Comparator.comparingInt(known -> distance(name, known)))
            .limit(SUGGESTIONS)
            .collect(Collectors.joining(", "));
    return new InputException(
        Location.NONE, nearest.isEmpty() ? why : why + "; the nearest are " + nearest);
  }

  /** How many letters must be put in, taken away or changed (Levenshtein). */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
