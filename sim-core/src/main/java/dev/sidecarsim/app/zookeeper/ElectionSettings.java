package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;

/**
 * How patient a server is with its election port and with others'.
 *
 * @param bindTries {@code electionPortBindRetry}: after how many failures to bind the process ends;
 *     never if 0
 * @param connectMillis {@code cnxTimeout}: how long a dial may take, in milliseconds
 */
public record ElectionSettings(int bindTries, int connectMillis) {

  /** QuorumCnxManager's own. */
  static final ElectionSettings DEFAULT = new ElectionSettings(3, 5000);

  boolean triesAgainAfter(int failures) {
    return bindTries == 0 || failures < bindTries;
  }

  long connectNanos() {
    return millis(connectMillis);
  }
}
