package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a Sentinel logs: the events of whom it watches (sentinelEvent), and little else. */
final class SentinelLog {

  /** Events that sentinelEvent is given with LL_NOTICE; the others come as warnings. */
  private static final Set<String> NOTICES =
      Set.of(
          "+slave",
          "+sentinel",
          "+sentinel-address-switch",
          "+sentinel-invalid-addr",
          "+reboot",
          "+convert-to-slave",
          "+fix-slave-config",
          "+failover-state-send-slaveof-noone",
          "+failover-state-wait-promotion",
          "+slave-reconf-sent",
          "+slave-reconf-sent-be",
          "+slave-reconf-inprog",
          "+slave-reconf-done",
          "-slave-reconf-sent-timeout");

  private final RedisLog log;
  private final RedisRelease release;
  private final List<String> events = new ArrayList<>();

  SentinelLog(RedisLog log, RedisRelease release) {
    this.log = log;
    this.release = release;
  }

  void begin(int port, String runId) {
    log.notice("Running mode=sentinel, port=" + port + ".");
    saved();
    log.warning("Sentinel ID is " + runId);
  }

  /** An event, as {@code +sdown master mymaster 10.0.0.1 6379}. */
  void event(String type, String what) {
    events.add(type + " " + what);
    if (NOTICES.contains(type)) {
      log.notice(type + " " + what);
    } else {
      log.warning(type + " " + what);
    }
  }

  /** All events so far. */
  ImmutableList<String> events() {
    return ImmutableList.copyOf(events);
  }

  /** The configuration file is written anew. */
  void saved() {
    if (release.tellsOfSaves()) {
      log.notice("Sentinel new configuration saved on disk");
    }
  }

  /** A line that is no event. */
  void tell(String text) {
    log.warning(text);
  }
}
