package dev.sidecarsim.app;

import dev.sidecarsim.kube.Container;
import java.util.Map;
import java.util.Optional;

/** Why a program ended, kept where the next life of its container can be asked for it. */
public final class LastWords {

  private static final String FILE = "/last-words";

  private LastWords() {}

  /**
   * Ends a program for a reason.
   *
   * @param reason a predicate, such as {@code exits with code 3: Unable to gossip with any peers}
   */
  public static void exit(Container container, int code, String reason) {
    container.disk().put(FILE, "exits with code " + code + ": " + reason);
    container.exit(code);
  }

  static Optional<String> of(Map<String, String> disk) {
    return Optional.ofNullable(disk.get(FILE));
  }
}
