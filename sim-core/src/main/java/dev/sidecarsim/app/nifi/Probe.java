package dev.sidecarsim.app.nifi;

import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.HttpMessage;
import dev.sidecarsim.host.Process;
import java.util.List;
import java.util.OptionalLong;

/** Asks a node for the cluster's flow again and again, as a browser that shows it does. */
final class Probe {

  private static final long PAUSE = seconds(1);

  private static final HttpMessage REQUEST =
      HttpMessage.get("localhost", WebServer.FLOW, List.of());

  private final Process process;
  private final Coordination coordination;
  private final WebServer web;
  private OptionalLong servingSince = OptionalLong.empty();

  Probe(Process process, Coordination coordination, WebServer web) {
    this.process = process;
    this.coordination = coordination;
    this.web = web;
  }

  /** Since when the node answers for the cluster, in nanoseconds of simulated time. */
  OptionalLong servingSince() {
    return servingSince;
  }

  void start() {
    web.handle(
        REQUEST,
        answer -> {
          note(answer.status() < 400 && coordination.isConnected());
          process.after(PAUSE, this::start);
        });
  }

  private void note(boolean serves) {
    if (!serves) {
      servingSince = OptionalLong.empty();
    } else if (servingSince.isEmpty()) {
      servingSince = OptionalLong.of(process.namespace().scheduler().now());
    }
  }
}
