package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.base.Splitter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A master or a replica, and what its INFO says (sentinelRefreshInstanceInfo). */
abstract class WatchedServer extends WatchedInstance {

  /** sentinel_info_period. */
  static final long INFO_PERIOD = 10 * SECOND;

  private final Map<String, String> info = new LinkedHashMap<>();
  private Optional<String> runId = Optional.empty();
  private long infoAt = NEVER;
  private boolean saysMaster;
  private long roleSince;

  WatchedServer(Sentinel sentinel, SentinelConfig.Monitor settings, SentinelAddress address) {
    super(sentinel, settings, address);
    this.saysMaster = kind().equals("master");
    this.roleSince = now();
  }

  /** How often it is asked for INFO. */
  abstract long infoPeriod();

  /** INFO has come. */
  abstract void informed();

  @Override
  SentinelLink newLink() {
    return sentinel().link(Optional.of(sentinel()::greeted), settings().password());
  }

  @Override
  void moveTo(SentinelAddress other) {
    super.moveTo(other);
    info.clear();
    runId = Optional.empty();
    saysMaster = kind().equals("master");
    roleSince = now();
  }

  @Override
  void askMore() {
    if (infoAt == NEVER || now() - infoAt > infoPeriod()) {
      link().ask(Resp.command("INFO"), this::read);
    }
  }

  private void read(Resp answer) {
    if (!(answer instanceof Resp.Bulk)) {
      return;
    }
    info.clear();
    for (String line : Splitter.on("\r\n").split(answer.print())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        info.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    infoAt = now();
    noteRunId();
    boolean master = info("role").equals("master");
    roleSince = master == saysMaster ? roleSince : now();
    saysMaster = master;
    informed();
  }

  private void noteRunId() {
    String said = info("run_id");
    if (runId.isPresent() && !runId.get().equals(said)) {
      sentinel().log().event("+reboot", title());
    }
    runId = Optional.of(said);
  }

  /** A field of the last INFO; empty if it had none. */
  String info(String field) {
    return info.getOrDefault(field, "");
  }

  /** A number of the last INFO. */
  long number(String field, long otherwise) {
    String text = info(field);
    return text.isEmpty() ? otherwise : Long.parseLong(text);
  }

  String runId() {
    return runId.orElse("");
  }

  long sinceInfo() {
    return now() - infoAt;
  }

  boolean everInformed() {
    return infoAt != NEVER;
  }

  boolean saysMaster() {
    return saysMaster;
  }

  /** For how long it has said what it is. */
  long inRoleFor() {
    return now() - roleSince;
  }

  /** Has it follow another master, or none, and drop its clients, who are to ask anew. */
  void reconfigure(String host, String port) {
    link().ask(Resp.command("SLAVEOF", host, port), answer -> {});
    link().ask(Resp.command("CONFIG", "REWRITE"), answer -> {});
    link().ask(Resp.command("CLIENT", "KILL", "TYPE", "normal"), answer -> {});
    link().ask(Resp.command("CLIENT", "KILL", "TYPE", "pubsub"), answer -> {});
  }

  void follow(WatchedInstance master) {
    reconfigure(master.host(), Integer.toString(master.address().port()));
  }
}
