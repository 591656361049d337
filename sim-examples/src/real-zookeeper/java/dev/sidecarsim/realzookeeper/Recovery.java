package dev.sidecarsim.realzookeeper;

import java.util.OptionalLong;

/** How long an ensemble that served was without a majority or a leader of its own. */
final class Recovery {

  private String before = "";
  private long since;
  private boolean broke;
  private OptionalLong back = OptionalLong.empty();

  /**
   * Something befalls it.
   *
   * @param roles what the servers are, one letter each
   */
  void begin(String roles, long now) {
    if (before.isEmpty() && serves(roles)) {
      before = roles;
      since = now;
    }
  }

  /** Whether it is to be looked at. */
  boolean open() {
    return !before.isEmpty() && back.isEmpty();
  }

  void look(String roles, long now) {
    if (open() && serves(roles) && (broke || anotherLeads(roles))) {
      back = OptionalLong.of(now - since);
    }
    broke |= !serves(roles);
  }

  /** A leader that is out of touch goes on for a while beside the new one. */
  private boolean anotherLeads(String roles) {
    for (int i = 0; i < roles.length(); i++) {
      if (roles.charAt(i) == 'L' && before.charAt(i) != 'L') {
        return true;
      }
    }
    return false;
  }

  private static boolean serves(String roles) {
    long serving = roles.chars().filter(role -> role == 'L' || role == 'F').count();
    return roles.indexOf('L') >= 0 && serving > roles.length() / 2;
  }

  OptionalLong millis() {
    return back;
  }
}
