package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.time.Durations;
import java.util.function.LongSupplier;

/** What a server counts of one connection, for {@code stat} and {@code cons} (ServerCnxn). */
final class ConnectionStats {

  private final LongSupplier clock;
  private final long established;
  private int received;
  private int sent;
  private String lastOperation = "NA";
  private long lastCxid = -1;
  private long lastZxid;
  private long lastResponse;

  /**
   * @param clock nanoseconds of simulated time
   */
  ConnectionStats(LongSupplier clock) {
    this.clock = clock;
    this.established = clock.getAsLong();
  }

  void received() {
    received++;
  }

  void sent() {
    sent++;
  }

  int receivedSoFar() {
    return received;
  }

  /**
   * An operation was answered.
   *
   * @param cxid below 0 for one that is not the client's own, such as a ping
   */
  void answered(Operation operation, long cxid, long zxid) {
    lastOperation = operation.code().shortName();
    lastCxid = cxid >= 0 ? cxid : lastCxid;
    lastZxid = zxid;
    lastResponse = clock.getAsLong();
  }

  /** As the word crst has it. */
  void reset() {
    received = 0;
    sent = 0;
    lastOperation = "NA";
    lastCxid = -1;
    lastZxid = -1;
    lastResponse = 0;
  }

  /** As stat shows it. */
  String brief() {
    return "queued=0,recved=%d,sent=%d".formatted(received, sent);
  }

  /** As cons shows it; nothing more without a session. */
  String full(long session, int timeoutMillis) {
    if (session == 0) {
      return brief();
    }
    String cxid = lastCxid >= 0 ? ",lcxid=0x" + Long.toHexString(lastCxid) : "";
    String latencies = ",llat=0,minlat=0,avglat=0,maxlat=0";
    return "%s,sid=0x%x,lop=%s,est=%d,to=%d%s,lzxid=0x%x,lresp=%d%s"
        .formatted(
            brief(),
            session,
            lastOperation,
            Durations.toMillis(established),
            timeoutMillis,
            cxid,
            lastZxid,
            Durations.toMillis(lastResponse),
            latencies);
  }
}
